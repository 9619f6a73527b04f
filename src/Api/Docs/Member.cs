using System.Text.Json.Nodes;

namespace Capacitor.Api.Docs;

/// <summary>A member of a body, or a query parameter: its name, what it means, and the JSON Schema of its value.</summary>
internal sealed record Member(string Name, bool Required, JsonObject Schema)
{
    /// <summary>It may also be null.</summary>
    public Member OrNull()
    {
        var schema = Schema.DeepClone().AsObject();
        schema["type"] = new JsonArray(schema["type"]!.DeepClone(), "null");
        if (schema["enum"] is JsonArray words)
        {
            words.Add(null);
        }

        return this with { Schema = schema };
    }

    /// <summary>What it is when it is left out.</summary>
    public Member Default(JsonNode value)
    {
        var schema = Schema.DeepClone().AsObject();
        schema["default"] = value;
        return this with { Schema = schema };
    }

    /// <summary>The schema of an object that has these members, and others that are left alone.</summary>
    public static JsonObject ObjectOf(IEnumerable<Member> members, string? description = null)
    {
        JsonObject schema = new() { ["type"] = "object" };
        if (description is not null)
        {
            schema["description"] = description;
        }

        var all = members.ToList();
        schema["properties"] = new JsonObject(all.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, member.Schema.DeepClone())));
        if (all.Exists(member => member.Required))
        {
            schema["required"] = new JsonArray([.. all.Where(member => member.Required).Select(member => (JsonNode)member.Name)]);
        }

        return schema;
    }
}
