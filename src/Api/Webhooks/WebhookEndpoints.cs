using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Webhooks;

/// <summary>The webhook API, as documented, and what goes beyond: more members, and new secrets.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").RequireWebhooks();
        webhooks.MapPost("", CreateAsync);
        webhooks.MapGet("", ListAsync);
        webhooks.MapGet("/{webhookId}", FindAsync);
        webhooks.MapPatch("/{webhookId}", ChangeAsync);
        webhooks.MapDelete("/{webhookId}", RemoveAsync);
        webhooks.MapPost("/{webhookId}/secret/rotate", RotateAsync);
    }

    private static async Task<Created<WebhookBody>> CreateAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var webhook = await Webhooks(grains, caller).CreateAsync(await WebhookRequests.ReadNewAsync(request));
        return TypedResults.Created($"/api/v1/webhooks/{webhook.Id}", WebhookBody.Of(webhook));
    }

    private static async Task<Ok<WebhookListBody>> ListAsync(Caller caller, IGrainFactory grains)
    {
        var webhooks = await Webhooks(grains, caller).ListAsync();
        return TypedResults.Ok(new WebhookListBody([.. webhooks.Select(WebhookBody.Of)]));
    }

    private static async Task<Results<Ok<WebhookBody>, ApiError>> FindAsync(Caller caller, string webhookId, IGrainFactory grains) =>
        await Webhooks(grains, caller).FindAsync(webhookId) is { } webhook ? TypedResults.Ok(WebhookBody.Of(webhook)) : Missing(webhookId);

    private static async Task<Results<Ok<WebhookBody>, ApiError>> ChangeAsync(
        Caller caller, string webhookId, HttpRequest request, IGrainFactory grains, TimeProvider time)
    {
        var webhooks = Webhooks(grains, caller);
        if (await webhooks.FindAsync(webhookId) is not { } before)
        {
            return Missing(webhookId); // a missing webhook is told before a wrong body
        }

        var patch = await WebhookRequests.ReadPatchAsync(request);
        if (await webhooks.ChangeAsync(webhookId, patch) is not { } webhook)
        {
            return Missing(webhookId);
        }

        var missed = webhook.Active && !before.Active ? await ReplayEndpoints.FindMissedAsync(grains.WebhookOf(webhookId)) : null;
        return TypedResults.Ok(WebhookBody.Of(webhook) with { Missed = missed });
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RemoveAsync(Caller caller, string webhookId, IGrainFactory grains) =>
        await Webhooks(grains, caller).RemoveAsync(webhookId) ? TypedResults.Ok(new MessageBody("Webhook deleted successfully")) : Missing(webhookId);

    private static async Task<Results<Ok<RotatedSecretBody>, ApiError>> RotateAsync(Caller caller, string webhookId, HttpRequest request, IGrainFactory grains)
    {
        var webhooks = Webhooks(grains, caller);
        if (await webhooks.FindAsync(webhookId) is null)
        {
            return Missing(webhookId);
        }

        var (secret, overlap) = await WebhookRequests.ReadRotationAsync(request);
        return await webhooks.RotateSecretAsync(webhookId, secret, overlap) is { } rotated ? TypedResults.Ok(RotatedSecretBody.Of(rotated)) : Missing(webhookId);
    }

    private static ITenantWebhooksGrain Webhooks(IGrainFactory grains, Caller caller) => grains.GetGrain<ITenantWebhooksGrain>(caller.GrainKey);

    internal static ApiError Missing(string webhookId) => ApiError.NotFound($"Webhook {webhookId} not found");
}
