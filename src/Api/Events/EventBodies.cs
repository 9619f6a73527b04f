using System.Text.Json;

namespace Capacitor.Api.Events;

/// <summary>An event name, with a body as a webhook receives it.</summary>
internal sealed record EventTypeBody(string Name, string Description, JsonElement Example);

internal sealed record EventTypeListBody(IReadOnlyList<EventTypeBody> EventTypes);
