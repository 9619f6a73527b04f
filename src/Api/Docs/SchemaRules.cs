using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Capacitor.Api.Docs;

/// <summary>What the API's answers are like: each member is always there, unless it is left out when it says nothing; then it is never null.</summary>
internal static class SchemaRules
{
    public static Task ApplyAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type) == typeof(DateTimeOffset))
        {
            schema.Type = context.JsonTypeInfo.Type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        }

        if (context.JsonPropertyInfo is { } property)
        {
            schema.Type &= IsLeftOut(property) ? ~JsonSchemaType.Null : schema.Type;
            schema.Enum = AnswerWords.Of(property.DeclaringType, property.Name) is { } words ? [.. words.Select(word => (JsonNode)word)] : schema.Enum;
        }

        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 })
        {
            schema.Required = context.JsonTypeInfo.Properties.Where(member => !IsLeftOut(member)).Select(member => member.Name).ToHashSet();
        }

        return Task.CompletedTask;
    }

    /// <summary>The same for members that are objects: that they may be null is added after <see cref="ApplyAsync"/>.</summary>
    public static void Apply(IEnumerable<IOpenApiSchema> schemas)
    {
        foreach (var schema in schemas)
        {
            foreach (var name in schema.Properties?.Keys.Except(schema.Required ?? new HashSet<string>()).ToList() ?? [])
            {
                schema.Properties![name] = WithoutNull(schema.Properties[name]);
            }
        }
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema) =>
        schema.OneOf is { Count: 2 } choices && choices.FirstOrDefault(choice => choice.Type != JsonSchemaType.Null) is { } only ? only : schema;

    private static bool IsLeftOut(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];
}
