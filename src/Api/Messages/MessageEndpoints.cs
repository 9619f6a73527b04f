using Capacitor.Api.Chargers;
using Capacitor.Api.Errors;
using Capacitor.Api.Events;
using Capacitor.Api.Security;
using Capacitor.Api.Webhooks;
using Capacitor.Messages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Messages;

/// <summary>The message log of a tenant's charger.</summary>
internal static class MessageEndpoints
{
    private static readonly string[] Directions = [.. Enum.GetValues<MessageDirection>().Select(ChargerMessageBody.Word)];

    public static void MapMessages(this IEndpointRouteBuilder api) => api.MapGet("/chargers/{chargeBoxId}/messages", ListAsync);

    private static async Task<Results<Ok<MessageListBody>, ApiError>> ListAsync(Caller caller, string chargeBoxId, HttpRequest request, IGrainFactory grains)
    {
        if (await ChargerEndpoints.LookUpAsync(grains, caller, chargeBoxId) is not { } found)
        {
            return ChargerEndpoints.Missing(chargeBoxId);
        }

        var limit = (int)Query.Number(request, "limit", 50, 1, 200);
        var direction = Query.OneOf(request, "direction", Directions);
        var (from, to) = Query.Span(request);
        var filter = new MessageFilter
        {
            Direction = direction is null ? null : (MessageDirection)Array.IndexOf(Directions, direction),
            Action = Query.Text(request, "action"),
            From = from,
            To = to,
        };
        var page = await grains.GetGrain<IMessageLogGrain>(IMessageLogGrain.Key).ListAsync(found.Charger.Id, filter, Before(request), limit);
        return TypedResults.Ok(new MessageListBody(
            [.. page.Messages.Select(ChargerMessageBody.Of)], new CursorBody(limit, page.Next is { } next ? ChargerMessageBody.IdOf(next) : null)));
    }

    private static long Before(HttpRequest request) =>
        Query.Text(request, "cursor") is not { } cursor ? MessagePosition.End
        : ChargerMessageBody.TryReadId(cursor, out var position) ? position
        : throw Query.Refuse("cursor", "must be the nextCursor of an earlier answer");
}
