using System.Text.Json;

namespace Capacitor.Api.Events;

/// <summary>An event name, with a body as a webhook receives it.</summary>
internal sealed record EventTypeBody(string Name, string Description, string Category, JsonElement Example)
{
    public static EventTypeBody Of(EventTypeDetailBody type) => new(type.Name, type.Description, type.Category, type.Example);
}

internal sealed record EventTypeListBody(IReadOnlyList<EventTypeBody> EventTypes);

/// <summary>The same with the JSON Schema of such bodies.</summary>
internal sealed record EventTypeDetailBody(string Name, string Description, string Category, JsonElement Example, JsonElement Schema);
