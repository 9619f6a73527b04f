using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Capacitor.Testing;

/// <summary>The OpenAPI document, and whether what was asked and answered is as it says.</summary>
public sealed class ApiDescription
{
    private const string Json = "application/json";

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonObject _document;
    private readonly List<(Regex Path, JsonObject Operations)> _paths;
    private readonly ConcurrentDictionary<(JsonNode Schema, bool Closed), JsonSchema> _schemas = new();

    /// <summary>Reads the document.</summary>
    public ApiDescription(string json)
    {
        _document = JsonNode.Parse(json)!.AsObject();
        _paths = [.. Paths().OrderBy(path => path.Key.Count(letter => letter == '{')).Select(path => (Pattern(path.Key), path.Value!.AsObject()))];
    }

    /// <summary>Each operation with its method and path.</summary>
    public IEnumerable<(string Method, string Path, JsonObject Operation)> Operations =>
        Paths().SelectMany(path => path.Value!.AsObject().Select(operation => (operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject())));

    /// <summary>The whole document.</summary>
    public JsonObject Document => _document;

    /// <summary>True when the document knows the path.</summary>
    public bool Knows(string path) => Find(path) is not null;

    /// <summary>Says what is wrong with an answer; null: nothing. It may have no member that the document does not know.</summary>
    public string? CheckAnswer(string method, string path, int status, JsonElement body)
    {
        if (Find(path)?[method.ToLowerInvariant()] is not { } operation)
        {
            return status is 404 or 405 ? null : $"{method} {path} is not in the document.";
        }

        if (status == 404 && body.GetProperty("error").GetProperty("message").GetString()!.StartsWith("There is nothing at", StringComparison.Ordinal))
        {
            return null; // this server has no such path; the one that the document is of has it
        }

        if (Response(operation, status) is not { } response)
        {
            return $"{method} {path} may not answer {status}: {body.GetRawText()}";
        }

        var content = response["content"]![Json]!;
        return Check(content["schema"]!, body, closed: true) is { } problem ? $"{method} {path} answers {status} with {problem}"
            : status >= 400 && !Codes(content).Contains(body.GetProperty("error").GetProperty("code").GetString()) ? $"{method} {path} may not answer {status} with this code: {body.GetRawText()}"
            : null;
    }

    /// <summary>Says what is wrong with a request that was taken; null: nothing.</summary>
    public string? CheckRequest(string method, string path, JsonElement body) =>
        Find(path)?[method.ToLowerInvariant()]?["requestBody"]?["content"]?[Json]?["schema"] is { } schema && Check(schema, body, closed: false) is { } problem
            ? $"{method} {path} takes what the document does not allow: {problem}"
            : null;

    /// <summary>Says what differs from a schema of the document; null: nothing.</summary>
    public string? Check(JsonNode schema, JsonElement value, bool closed)
    {
        var result = _schemas.GetOrAdd((schema, closed), Compile).Evaluate(value, Options);
        return result.IsValid ? null : $"{SchemaProblems.Of(result)} in {value.GetRawText()}";
    }

    /// <summary>What an operation says of a status, looked up when it is told elsewhere in the document.</summary>
    public JsonNode? Response(JsonNode operation, int status) => Resolve(operation["responses"]?[$"{status}"]);

    /// <summary>All examples of a content.</summary>
    public static IEnumerable<JsonNode> Examples(JsonNode content) =>
        content["example"] is { } example ? [example] : content["examples"]?.AsObject().Select(item => item.Value!["value"]!) ?? [];

    private JsonNode? Resolve(JsonNode? node) => node?["$ref"]?.GetValue<string>() is { } reference
        ? reference.Split('/').Skip(1).Aggregate((JsonNode?)_document, static (at, name) => at?[name])
        : node;

    private static HashSet<string?> Codes(JsonNode content) => [.. Examples(content).Select(example => example["error"]!["code"]!.GetValue<string>())];

    private JsonObject Paths() => _document["paths"]!.AsObject();

    private JsonObject? Find(string path) => _paths.Find(candidate => candidate.Path.IsMatch(path)).Operations;

    private static Regex Pattern(string path) => new("^" + Regex.Replace(Regex.Escape(path), @"\\\{[^}]+}", "[^/]+") + "/?$", RegexOptions.IgnoreCase);

    private JsonSchema Compile((JsonNode Schema, bool Closed) wanted)
    {
        var root = wanted.Schema.DeepClone().AsObject();
        root["$defs"] = _document["components"]!["schemas"]!.DeepClone();
        if (wanted.Closed)
        {
            Close(root);
        }

        return JsonSchema.FromText(root.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            foreach (var member in schema.ToList())
            {
                Close(member.Value);
            }

            if (schema["properties"] is JsonObject && !schema.ContainsKey("additionalProperties"))
            {
                schema["additionalProperties"] = false;
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Close(item);
            }
        }
    }
}
