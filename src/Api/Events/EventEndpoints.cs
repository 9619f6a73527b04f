using Capacitor.Api.Security;
using Capacitor.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Events;

/// <summary>The names of the events, and the events themselves: what a receiver that was down reads again.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/event-types", ListTypes);
        api.MapGet("/events", ListAsync);
    }

    private static Ok<EventTypeListBody> ListTypes() => TypedResults.Ok(EventExamples.All);

    private static async Task<EventListResult> ListAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var after = Query.Number(request, "after", 0, 0, long.MaxValue);
        var limit = (int)Query.Number(request, "limit", 100, 1, 1000);
        var type = Query.OneOf(request, "type", EventTypes.All);
        var charger = Query.Charger(request, "chargeBoxId");
        return new(await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ReadEventsAsync(after, limit, type, charger), limit);
    }
}
