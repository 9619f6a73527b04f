using Capacitor.Api.Errors;
using Capacitor.Api.Events;
using Capacitor.Api.Security;
using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Webhooks;

/// <summary>What became of a webhook's events, one more attempt at one of them, and a test of the webhook.</summary>
internal static class DeliveryEndpoints
{
    private static readonly string[] Statuses = [.. Enum.GetValues<DeliveryStatus>().Select(DeliveryBody.Word)];
    private static readonly string[] Types = [.. EventTypes.All, EventTypes.WebhookTest];

    public static void MapDeliveries(this IEndpointRouteBuilder api)
    {
        var webhook = api.MapGroup("/webhooks/{webhookId}").RequireWebhooks();
        webhook.MapGet("/deliveries", ListAsync);
        webhook.MapGet("/deliveries/{deliveryId}", FindAsync);
        webhook.MapPost("/deliveries/{deliveryId}/redeliver", RedeliverAsync);
        webhook.MapPost("/test", TestAsync);
        webhook.MapGet("/health", ReadHealthAsync);
    }

    private static async Task<Results<Ok<DeliveryListBody>, ApiError>> ListAsync(Caller caller, string webhookId, HttpRequest request, IGrainFactory grains)
    {
        if (!await IsOfAsync(grains, caller, webhookId))
        {
            return WebhookEndpoints.Missing(webhookId);
        }

        var limit = (int)Query.Number(request, "limit", 50, 1, 200);
        var status = Query.OneOf(request, "status", Statuses);
        var cursor = Query.Text(request, "cursor");
        if (cursor is not null && !DeliveryId.TryReadPosition(cursor, out _))
        {
            throw new RefusedException(RefusalKind.Invalid, "The query parameter 'cursor' must be the nextCursor of an earlier answer.", "cursor");
        }

        var types = EventSelection.ReadTypes(request, "event", Types);
        var (from, to) = Query.Span(request);
        var filter = new DeliveryFilter
        {
            Status = status is null ? null : (DeliveryStatus)Array.IndexOf(Statuses, status),
            EventType = types is [not EventTypes.AnyCustom and var only] ? only : null,
            EventTypes = types is { Count: > 1 } or [EventTypes.AnyCustom] ? types : null,
            ChargeBoxId = Query.Charger(request, "chargeBoxId"),
            From = from,
            To = to,
        };
        var page = await Records(grains, caller).ListDeliveriesAsync(webhookId, filter, cursor, limit);
        return TypedResults.Ok(new DeliveryListBody([.. page.Deliveries.Select(DeliveryBody.Of)], new CursorBody(limit, page.Next)));
    }

    private static async Task<Results<Ok<DeliveryDetailBody>, ApiError>> FindAsync(Caller caller, string webhookId, string deliveryId, IGrainFactory grains)
    {
        if (!await IsOfAsync(grains, caller, webhookId))
        {
            return WebhookEndpoints.Missing(webhookId);
        }

        return await Records(grains, caller).FindDeliveryAsync(webhookId, deliveryId) is { } delivery
            ? TypedResults.Ok(DeliveryDetailBody.Of(delivery))
            : MissingDelivery(deliveryId);
    }

    private static async Task<Results<Accepted<DeliveryBody>, ApiError>> RedeliverAsync(Caller caller, string webhookId, string deliveryId, IGrainFactory grains)
    {
        if (!await IsOfAsync(grains, caller, webhookId))
        {
            return WebhookEndpoints.Missing(webhookId);
        }

        return await grains.WebhookOf(webhookId).RedeliverAsync(deliveryId) is { } delivery
            ? TypedResults.Accepted((string?)null, DeliveryBody.Of(delivery))
            : MissingDelivery(deliveryId);
    }

    private static async Task<Results<Ok<TestBody>, ApiError>> TestAsync(Caller caller, string webhookId, IGrainFactory grains) =>
        await IsOfAsync(grains, caller, webhookId) && await grains.WebhookOf(webhookId).TestAsync() is { } delivery
            ? TypedResults.Ok(TestBody.Of(delivery))
            : WebhookEndpoints.Missing(webhookId);

    private static async Task<Results<Ok<HealthBody>, ApiError>> ReadHealthAsync(Caller caller, string webhookId, IGrainFactory grains) =>
        await IsOfAsync(grains, caller, webhookId)
            ? TypedResults.Ok(HealthBody.Of(await grains.WebhookOf(webhookId).ReadHealthAsync()))
            : WebhookEndpoints.Missing(webhookId);

    internal static async Task<bool> IsOfAsync(IGrainFactory grains, Caller caller, string webhookId) =>
        await grains.GetGrain<ITenantWebhooksGrain>(caller.GrainKey).FindAsync(webhookId) is not null;

    private static ITenantRecordsGrain Records(IGrainFactory grains, Caller caller) => grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey);

    private static ApiError MissingDelivery(string deliveryId) => ApiError.NotFound($"Delivery {deliveryId} not found");
}
