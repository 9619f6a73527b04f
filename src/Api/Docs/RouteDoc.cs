using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Capacitor.Api.Errors;

namespace Capacitor.Api.Docs;

/// <summary>What a person or a program reads of a route: what it is for, takes, answers and refuses. What follows from its requirements is not repeated here.</summary>
internal sealed class RouteDoc
{
    private readonly List<Member> _query = [];
    private readonly List<AnswerDoc> _answers = [];
    private readonly List<RefusalDoc> _refusals = [];

    private RouteDoc(string method, string path, string summary, string? description) =>
        (Method, Path, Summary, Description) = (method, path, summary, description);

    public string Method { get; }

    /// <summary>As it is mapped, such as <c>/webhooks/{webhookId}</c> for what is under <c>/api/v1</c>.</summary>
    public string Path { get; }

    /// <summary>A few words that no other route has: its operation id is made of them.</summary>
    public string Summary { get; }

    public string? Description { get; }

    public BodyDoc? Body { get; private set; }

    public IReadOnlyList<Member> Query => _query;

    public IReadOnlyList<AnswerDoc> Answers => _answers;

    public IReadOnlyList<RefusalDoc> Refusals => _refusals;

    public static RouteDoc Get(string path, string summary, string? description = null) => new("GET", path, summary, description);

    public static RouteDoc Post(string path, string summary, string? description = null) => new("POST", path, summary, description);

    public static RouteDoc Put(string path, string summary, string? description = null) => new("PUT", path, summary, description);

    public static RouteDoc Patch(string path, string summary, string? description = null) => new("PATCH", path, summary, description);

    public static RouteDoc Delete(string path, string summary, string? description = null) => new("DELETE", path, summary, description);

    /// <summary>Query parameters.</summary>
    public RouteDoc Asks(params IEnumerable<Member> query)
    {
        _query.AddRange(query);
        return this;
    }

    /// <summary><c>limit</c> and <c>offset</c>.</summary>
    public RouteDoc Pages() => Asks(
        Members.May.Whole("limit", "How many at most", 1, 200).Default(50), Members.May.Whole("offset", "How many to pass over", 0, int.MaxValue).Default(0));

    /// <summary><c>limit</c> and <c>cursor</c>.</summary>
    public RouteDoc Scrolls(int most = 200, int usual = 50) => Asks(
        Members.May.Whole("limit", "How many at most", 1, most).Default(usual), Members.May.Text("cursor", "`nextCursor` of an earlier answer"));

    /// <summary>A body in JSON.</summary>
    public RouteDoc Takes([StringSyntax(StringSyntaxAttribute.Json)] string example, params IEnumerable<Member> members)
    {
        Body = new(Parse(example), [.. members], IsOptional: false);
        return this;
    }

    /// <summary>A body in JSON that may be left out.</summary>
    public RouteDoc MayTake([StringSyntax(StringSyntaxAttribute.Json)] string example, params IEnumerable<Member> members)
    {
        Body = new(Parse(example), [.. members], IsOptional: true);
        return this;
    }

    /// <summary>An answer in JSON; its schema is that of what the handler returns.</summary>
    public RouteDoc Gives(int status, [StringSyntax(StringSyntaxAttribute.Json)] string example, string? description = null)
    {
        _answers.Add(new(status, description, Parse(example), null, null));
        return this;
    }

    /// <summary>An answer in JSON of a handler that writes it itself.</summary>
    public RouteDoc Writes(int status, [StringSyntax(StringSyntaxAttribute.Json)] string example, params IReadOnlyList<Member> members)
    {
        _answers.Add(new(status, null, Parse(example), members, null));
        return this;
    }

    /// <summary><c>{"message"}</c>.</summary>
    public RouteDoc Says(string message) => Gives(200, new JsonObject { ["message"] = message }.ToJsonString());

    /// <summary>An answer that is not JSON.</summary>
    public RouteDoc Streams(string contentType, string example, string description)
    {
        _answers.Add(new(200, description, JsonValue.Create(example), null, contentType));
        return this;
    }

    /// <summary>A refusal that does not follow from the route's requirements.</summary>
    public RouteDoc Refuses(int status, string message, string? code = null, [StringSyntax(StringSyntaxAttribute.Json)] string? details = null)
    {
        _refusals.Add(new(status, code ?? ErrorCodes.For(status), message, details is null ? null : Parse(details)));
        return this;
    }

    /// <summary>What every command can come to.</summary>
    public RouteDoc Commands(string action) =>
        Refuses(StatusCodes.Status409Conflict, $"Charger CHARGER-001 answered {action} with Rejected", ErrorCodes.CommandRejected, """{"ocppStatus":"Rejected"}""")
            .Refuses(StatusCodes.Status503ServiceUnavailable, "Charger CHARGER-001 is not connected")
            .Refuses(StatusCodes.Status504GatewayTimeout, "Charger CHARGER-001 did not answer in time; it may still carry out the command", ErrorCodes.CommandTimeout);

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}

/// <summary>A request's body.</summary>
internal sealed record BodyDoc(JsonNode Example, IReadOnlyList<Member> Members, bool IsOptional);

/// <summary>An answer; no <paramref name="Members"/>: what the handler says it returns. No <paramref name="ContentType"/>: JSON.</summary>
internal sealed record AnswerDoc(int Status, string? Description, JsonNode Example, IReadOnlyList<Member>? Members, string? ContentType);

/// <summary>A refusal.</summary>
internal sealed record RefusalDoc(int Status, string Code, string Message, JsonNode? Details);

/// <summary>Routes that belong together.</summary>
internal sealed record DocSection(string Name, string Description, params IReadOnlyList<RouteDoc> Routes);
