using System.Text.Json.Nodes;
using Capacitor.Api.Errors;
using Capacitor.Api.Events;
using Capacitor.Api.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Capacitor.Api.Docs;

/// <summary>Adds what is said in <see cref="RouteDocs"/>, and what follows from each route's requirements, to what the framework knows.</summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "Capacitor",
            Version = "v1",
            Description = DocText.Introduction,
        };
        document.Servers = [new() { Url = "/" }];
        document.Components ??= new();
        SchemaRules.Apply(document.Components.Schemas?.Values ?? []);
        document.AddComponent("Error", await context.GetOrCreateSchemaAsync(typeof(ErrorBody), null, cancellationToken));
        CommonAnswers.Add(document);
        Secure(document);
        document.Tags = new HashSet<OpenApiTag>(RouteDocs.Sections.Select(section => new OpenApiTag { Name = section.Name, Description = section.Description }));

        foreach (var api in context.DescriptionGroups.SelectMany(group => group.Items))
        {
            var path = "/" + api.RelativePath!.TrimEnd('/');
            if (RouteDocs.Find(api.HttpMethod!, path) is { } doc && document.Paths[path].Operations?[new(api.HttpMethod!)] is { } operation)
            {
                new OperationWriter(document, operation, doc.Section, doc.Route, new(api.ActionDescriptor.EndpointMetadata)).Write();
            }
        }

        document.Webhooks = EventCatalog.All.EventTypes.ToDictionary(type => type.Name, IOpenApiPathItem (type) => Webhook(document, EventCatalog.Find(type.Name)!));
    }

    private static void Secure(OpenApiDocument document)
    {
        document.AddComponent<IOpenApiSecurityScheme>(DocText.ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = PresentedKey.Header, Description = "A tenant's key: `cap_live_…`",
        });
        document.AddComponent<IOpenApiSecurityScheme>(DocText.Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The same key as a bearer token",
        });
        document.AddComponent<IOpenApiSecurityScheme>(DocText.AdminKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = AdminKeyMiddleware.Header, Description = "The operator's key",
        });
    }

    private static OpenApiPathItem Webhook(OpenApiDocument document, EventTypeDetailBody type)
    {
        var schema = JsonNode.Parse(type.Schema.GetRawText())!.AsObject();
        schema.Remove("$schema");
        OpenApiOperation operation = new()
        {
            Summary = type.Description,
            OperationId = type.Name,
            Description = "Posted to your webhook; see docs/webhooks.md for headers and signatures.",
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = DocSchema.Of(schema, document), Example = JsonNode.Parse(type.Example.GetRawText()) } },
            },
            Responses = new() { ["2XX"] = new OpenApiResponse { Description = "You have it. Anything else, and no answer within 5 seconds, counts as a failure" } },
        };
        return new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } };
    }
}
