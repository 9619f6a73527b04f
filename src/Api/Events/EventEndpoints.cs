using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Events;

/// <summary>The names of the events, and the events themselves: what a receiver that was down reads again, and what one without a URL reads at all.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/event-types", ListTypes);
        api.MapGet("/event-types/{name}", FindType);
        api.MapGet("/events", ListAsync);
        api.MapPost("/events", CustomEvents.PublishAsync).RequireTier(Tier.Starter, "Events of your own");
        api.MapGet("/events/stream", StreamAsync);
    }

    private static Ok<EventTypeListBody> ListTypes() => TypedResults.Ok(EventCatalog.All);

    private static Results<Ok<EventTypeDetailBody>, ApiError> FindType(string name) =>
        EventCatalog.Find(name) is { } type ? TypedResults.Ok(type) : ApiError.NotFound($"There is no event named {name}; GET /api/v1/event-types lists them.");

    private static Task<EventListResult> ListAsync(Caller caller, HttpRequest request, EventFeed feed) => feed.ListAsync(caller, request);

    private static Task StreamAsync(Caller caller, HttpContext context, EventFeed feed) => feed.StreamAsync(caller, context);
}
