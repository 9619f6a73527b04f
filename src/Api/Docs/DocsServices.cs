using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Capacitor.Api.Docs;

/// <summary>The API described for machines at <c>/openapi/v1.json</c>, and for people at <c>/docs</c>; both open to everybody.</summary>
internal static class DocsServices
{
    public const string DocumentPath = "/openapi/v1.json";
    public const string PagePath = "/docs";

    private const string Name = "v1";

    // People enter their keys on the page: whatever its script may want to do, they go nowhere else.
    private const string OnlyFromHere =
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public static IServiceCollection AddDocs(this IServiceCollection services)
    {
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = api => api.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            options.CreateSchemaReferenceId = type => type.Type == typeof(JsonElement) ? null : Shorten(OpenApiOptions.CreateDefaultSchemaReferenceId(type));
            options.AddSchemaTransformer(SchemaRules.ApplyAsync);
            options.AddDocumentTransformer<ApiDocument>();
        });
        services.TryAddSingleton<DocumentText>();
        return services;
    }

    public static void MapDocs(this WebApplication app)
    {
        app.MapGet(DocumentPath, async (DocumentText document) => Results.Bytes(await document.ReadAsync(), "application/json; charset=utf-8")).ExcludeFromDescription();
        app.MapScalarApiReference(PagePath, (page, context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = OnlyFromHere;
            page.WithTitle("Capacitor API").WithOpenApiRoutePattern(DocumentPath).AddPreferredSecuritySchemes(DocText.ApiKey)
                .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton();
        });
    }

    private static string? Shorten(string? id) => id?.EndsWith("Body", StringComparison.Ordinal) == true ? id[..^"Body".Length] : id;
}
