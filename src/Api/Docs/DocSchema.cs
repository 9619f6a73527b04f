using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Capacitor.Api.Docs;

/// <summary>JSON Schemas as the document's model has them.</summary>
internal static class DocSchema
{
    public static IOpenApiSchema Of(JsonNode schema, OpenApiDocument document)
    {
        var read = OpenApiModelFactory.Parse<OpenApiSchema>(schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out var diagnostic, OpenApiConstants.Json);
        return read is not null && diagnostic.Errors.Count == 0
            ? read
            : throw new InvalidOperationException($"A schema cannot be read: {string.Join("; ", diagnostic.Errors)}");
    }
}
