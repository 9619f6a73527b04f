using System.Text.Json;
using System.Text.Json.Nodes;
using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>
/// What is said of each event: event-types.json holds its category, its description, a body as it is sent, and the schema of its data. In those, a
/// <c>$ref</c> to <c>#/members/…</c> stands for what is there, so that what is read outside refers to nothing.
/// </summary>
internal static class EventCatalog
{
    private const string Reference = "#/members/";

    private static readonly Dictionary<string, EventTypeDetailBody> Types = Read();

    /// <summary>Those that the server makes, in the order of <see cref="EventTypes.All"/>.</summary>
    public static EventTypeListBody All { get; } = new([.. EventTypes.All.Select(name => EventTypeBody.Of(Types[name]))]);

    /// <summary>One of them, or what a test of a webhook posts; null: there is none of that name.</summary>
    public static EventTypeDetailBody? Find(string name) => Types.GetValueOrDefault(name);

    private static Dictionary<string, EventTypeDetailBody> Read()
    {
        using var stream = typeof(EventCatalog).Assembly.GetManifestResourceStream("Capacitor.Api.Events.event-types.json")!;
        var file = JsonNode.Parse(stream)!;
        return file["types"]!.AsObject().ToDictionary(type => type.Key, type => Make(type.Key, type.Value!, file["members"]!));
    }

    private static EventTypeDetailBody Make(string name, JsonNode type, JsonNode members)
    {
        var description = type["description"]!.GetValue<string>();
        var data = type["data"]!.DeepClone().AsObject();
        data.Insert(0, "type", "object");
        return new(name, description, type["category"]!.GetValue<string>(), Element(type["example"]!), Element(Envelope(name, description, data, members)));
    }

    private static JsonObject Envelope(string name, string description, JsonObject data, JsonNode members) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = name,
        ["description"] = description,
        ["type"] = "object",
        ["required"] = new JsonArray("event", "timestamp", "data"),
        ["properties"] = new JsonObject
        {
            ["event"] = new JsonObject { ["const"] = name },
            ["timestamp"] = members["time"]!.DeepClone(),
            ["data"] = Inline(data, members),
        },
        ["additionalProperties"] = false,
    };

    private static JsonNode? Inline(JsonNode? node, JsonNode members)
    {
        switch (node)
        {
            case JsonObject item when item["$ref"]?.GetValue<string>() is { } reference:
                return members[reference[Reference.Length..]]!.DeepClone();
            case JsonObject item:
                return new JsonObject(item.Select(member => KeyValuePair.Create(member.Key, Inline(member.Value, members))));
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Inline(item, members))]);
            default:
                return node?.DeepClone();
        }
    }

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());
}
