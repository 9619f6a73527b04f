using System.Text.Json.Nodes;
using Capacitor.Api.Errors;
using Capacitor.Api.Idempotency;
using Capacitor.Api.Security;
using Microsoft.OpenApi;

namespace Capacitor.Api.Docs;

/// <summary>Writes one route into the document.</summary>
internal sealed class OperationWriter(OpenApiDocument document, OpenApiOperation operation, DocSection section, RouteDoc route, EndpointMetadataCollection requirements)
{
    private const string Json = "application/json";

    private readonly bool _isTenants = requirements.GetMetadata<RequiresApiKey>() is not null;
    private readonly bool _isOperators = requirements.GetMetadata<RequiresAdminKey>() is not null;

    private readonly bool _takesIdempotencyKey = route.Method == "POST" && requirements.GetMetadata<TakesIdempotencyKey>() is not null;

    public void Write()
    {
        operation.Summary = route.Summary;
        operation.Description = Describe();
        operation.OperationId = OperationId(route.Summary);
        operation.Tags = new HashSet<OpenApiTagReference> { new(section.Name, document) };
        operation.Security = Security();
        operation.Parameters = [.. PathNames().Select(InPath), .. route.Query.Select(InQuery), .. InHeaders()];
        operation.RequestBody = route.Body is { } body ? Request(body) : null;
        var known = operation.Responses ?? [];
        operation.Responses = [];
        foreach (var answers in route.Answers.GroupBy(answer => answer.Status))
        {
            operation.Responses[$"{answers.Key}"] = Answer([.. answers], known);
        }

        foreach (var refusals in Refusals().GroupBy(refusal => refusal.Status).OrderBy(refusals => refusals.Key))
        {
            operation.Responses[$"{refusals.Key}"] = Share(refusals.Key, Refusal(refusals.Key, [.. refusals.DistinctBy(refusal => refusal.Message)]));
        }
    }

    private static string OperationId(string summary)
    {
        var words = summary.Split(' ', '-', '\'', ',').Where(word => word is not ("a" or "an" or "the" or "of" or "s" or "")).ToList();
        return string.Concat(words.Select((word, index) => index == 0 ? word.ToLowerInvariant() : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private string? Describe()
    {
        var tier = requirements.GetMetadata<RequiresWebhooks>() is not null ? "Needs the starter tier or above."
            : requirements.GetMetadata<RequiresTier>() is { } required ? $"Needs the {TierName.Of(required.Tier)} tier or above."
            : null;
        return (route.Description, tier) is (null, null) ? null : string.Join(" ", new[] { route.Description, tier }.OfType<string>());
    }

    private List<OpenApiSecurityRequirement> Security() => _isOperators ? [Scheme(DocText.AdminKey)] : _isTenants ? [Scheme(DocText.ApiKey), Scheme(DocText.Bearer)] : [];

    private OpenApiSecurityRequirement Scheme(string name) => new() { [new OpenApiSecuritySchemeReference(name, document)] = [] };

    private IEnumerable<string> PathNames() =>
        route.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}', '*').Split(':')[0]);

    private IOpenApiParameter InPath(string name)
    {
        var parameter = PathParameters.Of(name);
        return new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = parameter.Description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = parameter.Example,
        };
    }

    private IOpenApiParameter InQuery(Member member)
    {
        var schema = member.Schema.DeepClone().AsObject();
        schema.Remove("description", out var description);
        return new OpenApiParameter
        {
            Name = member.Name,
            In = ParameterLocation.Query,
            Required = member.Required,
            Description = description?.GetValue<string>(),
            Schema = DocSchema.Of(schema, document),
            Style = ParameterStyle.Form,
            Explode = true, // lists may be given once with commas, too
        };
    }

    private IEnumerable<IOpenApiParameter> InHeaders() => _takesIdempotencyKey ? [IdempotencyDocs.Parameter] : [];

    private OpenApiRequestBody Request(BodyDoc body) => new()
    {
        Required = !body.IsOptional,
        Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = DocSchema.Of(Member.ObjectOf(body.Members), document), Example = body.Example.DeepClone() } },
    };

    private OpenApiResponse Answer(IReadOnlyList<AnswerDoc> answers, OpenApiResponses known)
    {
        var (first, status) = (answers[0], answers[0].Status);
        var content = new OpenApiMediaType { Schema = SchemaOf(first, known) };
        if (answers.Count == 1)
        {
            content.Example = first.Example.DeepClone();
        }
        else
        {
            content.Examples = Numbered(answers.Select(answer => (answer.Description, answer.Example)));
        }

        return new()
        {
            Description = (answers.Count == 1 ? first.Description : null) ?? DocText.Of(status),
            Content = new Dictionary<string, OpenApiMediaType> { [first.ContentType ?? Json] = content },
            Headers = Headers(status),
        };
    }

    private IOpenApiSchema SchemaOf(AnswerDoc answer, OpenApiResponses known) => answer switch
    {
        { ContentType: not null } => new OpenApiSchema { Type = JsonSchemaType.String },
        { Members: { } members } => DocSchema.Of(Member.ObjectOf(members), document),
        _ => known.TryGetValue($"{answer.Status}", out var response) && response.Content is { } content && content.TryGetValue(Json, out var body) && body.Schema is { } schema
            ? schema
            : throw new InvalidOperationException($"The handler of {route.Method} {route.Path} does not say what it returns with {answer.Status}."),
    };

    private OpenApiResponse Refusal(int status, IReadOnlyList<RefusalDoc> refusals)
    {
        var content = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Error", document) };
        if (refusals.Count == 1)
        {
            content.Example = CommonAnswers.Error(refusals[0]);
        }
        else
        {
            content.Examples = Numbered(refusals.Select(refusal => ((string?)refusal.Message, CommonAnswers.Error(refusal))));
        }

        var codes = string.Join(" or ", refusals.Select(refusal => $"`{refusal.Code}`").Distinct());
        return new()
        {
            Description = $"{codes}: {DocText.Of(status)}",
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = content },
            Headers = Headers(status),
        };
    }

    // Most routes refuse these in the same words; the document holds them once.
    private IOpenApiResponse Share(int status, OpenApiResponse response)
    {
        if (route.Refusals.Any(refusal => refusal.Status == status) || !CommonAnswers.Shared.TryGetValue(status, out var name))
        {
            return response;
        }

        name += _isOperators ? "ForOperator" : "";
        document.AddComponent<IOpenApiResponse>(name, response);
        return new OpenApiResponseReference(name, document);
    }

    private static Dictionary<string, IOpenApiExample> Numbered(IEnumerable<(string? Summary, JsonNode Value)> examples) =>
        examples.Select((example, index) => (example, index)).ToDictionary(
            item => $"{item.index + 1}", IOpenApiExample (item) => new OpenApiExample { Summary = item.example.Summary, Value = item.example.Value.DeepClone() });

    private Dictionary<string, IOpenApiHeader> Headers(int status)
    {
        List<string> names = [CommonAnswers.RequestId];
        if (_isTenants && status != StatusCodes.Status401Unauthorized)
        {
            names.AddRange(CommonAnswers.Limits);
        }

        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            names.Add(CommonAnswers.RetryAfter);
        }

        if (_takesIdempotencyKey && status is >= 200 and < 300)
        {
            names.Add(IdempotencyKey.ReplayedHeader);
        }

        if (status == StatusCodes.Status201Created)
        {
            names.Add(CommonAnswers.Location);
        }

        return names.ToDictionary(name => name, IOpenApiHeader (name) => new OpenApiHeaderReference(name, document));
    }

    private IEnumerable<RefusalDoc> Refusals() => [.. Implied(), .. route.Refusals];

    private IEnumerable<RefusalDoc> Implied()
    {
        if (route.Body is not null)
        {
            yield return Of(StatusCodes.Status400BadRequest, "The body is not JSON: it ends too early.");
            yield return Of(StatusCodes.Status413PayloadTooLarge, "The body must have at most 262144 bytes.");
            yield return Of(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json, not text/plain.");
        }

        if (route.Query is [var first, ..])
        {
            yield return Of(StatusCodes.Status400BadRequest, $"The query parameter '{first.Name}' can be given once only.", new JsonObject { ["field"] = first.Name });
        }

        if (_takesIdempotencyKey)
        {
            yield return Of(StatusCodes.Status400BadRequest, IdempotencyKey.Rule, new JsonObject { ["field"] = IdempotencyKey.Header });
            yield return Of(StatusCodes.Status409Conflict, IdempotencyErrors.OtherRequestWords);
            yield return Of(StatusCodes.Status409Conflict, IdempotencyErrors.UnderWayWords);
        }

        if (PathNames().LastOrDefault() is { } name)
        {
            yield return Of(StatusCodes.Status404NotFound, PathParameters.Of(name).Missing);
        }

        foreach (var refusal in OfKeys())
        {
            yield return refusal;
        }

        yield return Of(StatusCodes.Status500InternalServerError, "The request failed on our side. Tell us its id when you ask: req_0198c0de3f7a7c1e8a4b5d6e7f801234.");
        yield return Of(StatusCodes.Status503ServiceUnavailable, "The server could not take the request in time; try again.");
    }

    private IEnumerable<RefusalDoc> OfKeys()
    {
        if (_isOperators)
        {
            yield return Of(StatusCodes.Status401Unauthorized, "The admin key is needed: send it as X-Admin-Key.");
        }

        if (!_isTenants)
        {
            yield break;
        }

        yield return Of(StatusCodes.Status401Unauthorized, "The API key is unknown or revoked.");
        yield return Of(StatusCodes.Status403Forbidden, "This account is suspended.");
        if (TierRefusal() is { } tier)
        {
            yield return tier;
        }

        yield return Of(StatusCodes.Status429TooManyRequests, "All 1000 calls of this day are used; the count starts again at midnight UTC.");
        yield return Of(
            StatusCodes.Status429TooManyRequests,
            "Too many calls at once with this API key: 50 a second are allowed, and 100 after a rest. This one does not count as a call of the day.");
    }

    private RefusalDoc? TierRefusal() =>
        requirements.GetMetadata<RequiresWebhooks>() is { } webhooks ? TierTooLow(webhooks.What, "starter")
        : requirements.GetMetadata<RequiresTier>() is { } required ? TierTooLow(required.What, TierName.Of(required.Tier))
        : null;

    private static RefusalDoc TierTooLow(string what, string tier) => Of(
        StatusCodes.Status403Forbidden,
        $"{what} need the {tier} tier or above; this account is on the free tier.",
        new JsonObject { ["requiredTier"] = tier, ["currentTier"] = "free" });

    private static RefusalDoc Of(int status, string message, JsonNode? details = null) => new(status, ErrorCodes.For(status), message, details);
}
