using System.Text.Json.Nodes;
using Capacitor.Api.Idempotency;
using Microsoft.OpenApi;

namespace Capacitor.Api.Docs;

/// <summary>Headers that every answer has, and refusals that many routes share.</summary>
internal static class CommonAnswers
{
    public const string RequestId = "X-Request-Id";
    public const string RetryAfter = "Retry-After";
    public const string Location = "Location";

    public static readonly string[] Limits = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

    /// <summary>Refusals that say the same wherever they follow from a route's requirements alone.</summary>
    public static readonly Dictionary<int, string> Shared = new()
    {
        [StatusCodes.Status401Unauthorized] = "Unauthorized",
        [StatusCodes.Status413PayloadTooLarge] = "PayloadTooLarge",
        [StatusCodes.Status415UnsupportedMediaType] = "UnsupportedMediaType",
        [StatusCodes.Status429TooManyRequests] = "TooManyRequests",
        [StatusCodes.Status500InternalServerError] = "InternalError",
        [StatusCodes.Status503ServiceUnavailable] = "Unavailable",
    };

    public static void Add(OpenApiDocument document)
    {
        Add(document, RequestId, "The request's name in our logs: yours when you sent one, else one of ours", "req_0198c0de3f7a7c1e8a4b5d6e7f801234");
        Add(document, Limits[0], "Calls of this day; where the tier does not limit those, calls at once", 1000);
        Add(document, Limits[1], "Calls that are left", 997);
        Add(document, Limits[2], "Seconds until all of them are there again: for those of the day, midnight UTC", 34200);
        Add(document, RetryAfter, "Seconds after which asking again may help; not there when it will not", 5);
        Add(document, IdempotencyKey.ReplayedHeader, "`true` when the answer was given before, to the first request with this Idempotency-Key", "true");
        Add(document, Location, "Where the new thing is", "/api/v1/webhooks/wh_123");
    }

    /// <summary>An error as an example.</summary>
    public static JsonNode Error(RefusalDoc refusal)
    {
        JsonObject error = new() { ["code"] = refusal.Code, ["message"] = refusal.Message };
        if (refusal.Details is { } details)
        {
            error["details"] = details.DeepClone();
        }

        return new JsonObject { ["success"] = false, ["error"] = error };
    }

    private static void Add(OpenApiDocument document, string name, string description, JsonNode example) =>
        document.AddComponent<IOpenApiHeader>(name, new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = example.GetValueKind() == System.Text.Json.JsonValueKind.Number ? JsonSchemaType.Integer : JsonSchemaType.String },
            Example = example,
        });
}
