using System.Text.Json.Nodes;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Docs;

/// <summary>Makes members that must be there, or may be.</summary>
internal sealed class Members(bool required)
{
    public static Members Must { get; } = new(required: true);

    public static Members May { get; } = new(required: false);

    public Member Text(string name, string description, int? max = null, int min = 1)
    {
        JsonObject schema = new() { ["type"] = "string", ["description"] = description };
        if (max is { } most)
        {
            (schema["minLength"], schema["maxLength"]) = (min, most);
        }

        return new(name, required, schema);
    }

    public Member Words(string name, string description, params IEnumerable<string> words) =>
        new(name, required, new() { ["type"] = "string", ["description"] = description, ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) });

    public Member Whole(string name, string description, long? min = null, long? max = null) => Bounded(name, "integer", description, min, max);

    public Member Number(string name, string description, double? min = null) => Bounded(name, "number", description, min, null);

    public Member Flag(string name, string description) => new(name, required, new() { ["type"] = "boolean", ["description"] = description });

    public Member Time(string name, string description) =>
        new(name, required, new() { ["type"] = "string", ["format"] = "date-time", ["description"] = description });

    public Member Texts(string name, string description, int? max = null) => List(name, description, new() { ["type"] = "string" }, max);

    public Member Wholes(string name, string description) => List(name, description, new() { ["type"] = "integer" }, null);

    public Member Objects(string name, string description, params IEnumerable<Member> members) => List(name, description, Member.ObjectOf(members), null);

    public Member Object(string name, string description, params IEnumerable<Member> members) => new(name, required, Member.ObjectOf(members, description));

    /// <summary>An object whose members have names of their own, each a string.</summary>
    public Member Map(string name, string description) =>
        new(name, required, new() { ["type"] = "object", ["description"] = description, ["additionalProperties"] = new JsonObject { ["type"] = "string" } });

    /// <summary>An object that is the caller's own, or OCPP's.</summary>
    public Member Free(string name, string description) => new(name, required, new() { ["type"] = "object", ["description"] = description });

    /// <summary>A part of an OCPP message.</summary>
    public Member Ocpp<T>(string name, string description)
        where T : class, IPayload<T>
    {
        var schema = Ocpp16Schemas.Of<T>();
        schema["description"] = description;
        return new(name, required, schema);
    }

    private Member List(string name, string description, JsonObject items, int? max)
    {
        JsonObject schema = new() { ["type"] = "array", ["description"] = description, ["items"] = items };
        if (max is { } most)
        {
            schema["maxItems"] = most;
        }

        return new(name, required, schema);
    }

    private Member Bounded<T>(string name, string type, string description, T? min, T? max)
        where T : struct
    {
        JsonObject schema = new() { ["type"] = type, ["description"] = description };
        if (min is { } least)
        {
            schema["minimum"] = JsonValue.Create(least);
        }

        if (max is { } most)
        {
            schema["maximum"] = JsonValue.Create(most);
        }

        return new(name, required, schema);
    }
}
