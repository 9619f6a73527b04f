using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Capacitor.Api.Events;
using Capacitor.Events;
using Json.Schema;

namespace Capacitor.Testing;

/// <summary>Holds what is really sent to the JSON Schemas that <c>GET /event-types/{name}</c> serves.</summary>
public static partial class EventSchemas
{
    private static readonly ConcurrentDictionary<string, JsonSchema?> Schemas = new();

    /// <summary>Throws unless the body of a webhook or of a stream is that of an event of the catalogue, or of a tenant's own.</summary>
    public static void Check(ReadOnlySpan<byte> body)
    {
        JsonElement item;
        try
        {
            item = JsonElement.Parse(body);
        }
        catch (JsonException failure)
        {
            throw new EventMismatchException("The event is not JSON.", failure);
        }

        Check(item);
    }

    /// <inheritdoc cref="Check(ReadOnlySpan{byte})"/>
    public static void Check(JsonElement item)
    {
        if (!item.TryGetProperty("event", out var name) || Of(name.GetString()!) is not { } schema)
        {
            throw new EventMismatchException($"There is no such event in the catalogue: {item.GetRawText()}");
        }

        var result = schema.Evaluate(item, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (!result.IsValid)
        {
            throw new EventMismatchException($"{name} is not as its schema says: {SchemaProblems.Of(result)} in {item.GetRawText()}");
        }
    }

    /// <summary>The same for each event of an answer to <c>GET /events</c>, without the members that the list puts in front.</summary>
    public static void CheckPage(JsonElement page)
    {
        foreach (var item in page.GetProperty("events").EnumerateArray())
        {
            var body = item.EnumerateObject().Where(member => member.Name is not ("id" or "position" or "sequence" or "chargerSequence"));
            Check(JsonSerializer.SerializeToElement(body.ToDictionary(member => member.Name, member => member.Value)));
        }
    }

    private static JsonSchema? Of(string name) => Schemas.GetOrAdd(name, static name => Text(name) is { } text ? JsonSchema.FromText(text) : null);

    private static string? Text(string name) => EventCatalog.Find(name) is { } type ? type.Schema.GetRawText() : Custom().IsMatch(name) ? CustomSchema : null;

    private const string CustomSchema = """
        {"type":"object","required":["event","timestamp","data"],"properties":{
          "event":{"type":"string"},"timestamp":{"type":"string","pattern":"^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"}},"maxProperties":3}
        """;

    [GeneratedRegex($"^{EventTypes.CustomPrefix}[a-z0-9_.]+$")]
    private static partial Regex Custom();
}

/// <summary>What was sent is not what is documented.</summary>
public sealed class EventMismatchException : Exception
{
    /// <summary>Says what differs.</summary>
    public EventMismatchException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
