using Microsoft.OpenApi;

namespace Capacitor.Api.Idempotency;

/// <summary>What is said of the header.</summary>
internal static class IdempotencyDocs
{
    public static IOpenApiParameter Parameter { get; } = new OpenApiParameter
    {
        Name = IdempotencyKey.Header,
        In = ParameterLocation.Header,
        Description = "A text of your own that names this request: sent again with it within 24 hours, it is not carried out again, but gets the first answer. "
            + "After a 400, 401, 403, 404, 413, 415, 429 or 503 it is carried out.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.MaxLength },
        Example = "0198c0de-3f7a-7c1e-8a4b-5d6e7f801234",
    };
}
