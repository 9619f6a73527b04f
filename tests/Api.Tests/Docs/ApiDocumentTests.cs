using System.Text.Json;
using System.Text.Json.Nodes;
using Capacitor.Api.Docs;
using Capacitor.Events;
using Capacitor.Testing;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Capacitor.Api.Tests.Docs;

[Collection(ApiServer.Collection)]
public sealed class ApiDocumentTests(ApiServer server)
{
    private const string Json = "application/json";

    [Fact]
    public async Task Document_Open_IsValidOpenApi31()
    {
        using var response = await server.Capacitor.Anonymous.GetAsync("/openapi/v1.json");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Json, response.Content.Headers.ContentType?.MediaType);
        var read = OpenApiDocument.Parse(text, OpenApiConstants.Json);
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
    }

    [Fact]
    public async Task Document_OfEachMappedRoute_SaysAll()
    {
        var description = await ReadAsync();
        var missing = Mapped().Where(key => RouteDocs.Find(key.Split(' ')[0], key.Split(' ')[1]) is null);
        Assert.True(!missing.Any(), $"Routes without a description; add them to the Docs class of their feature: {string.Join(", ", missing)}");
        Assert.Equal(Mapped().Order(), RouteDocs.Keys.Order());
        Assert.Equal(Mapped().Order(), description.Operations.Select(operation => RouteDocs.Key(operation.Method, operation.Path)).Order());
        Assert.All(description.Operations, item =>
        {
            Assert.NotEmpty(item.Operation["summary"]!.GetValue<string>());
            Assert.Single(item.Operation["tags"]!.AsArray());
            Assert.Contains(Statuses(item.Operation), status => status is >= 200 and < 300);
            Assert.Contains(500, Statuses(item.Operation));
        });
    }

    [Fact]
    public async Task Document_OperationIds_AreUnique()
    {
        var ids = (await ReadAsync()).Operations.Select(item => item.Operation["operationId"]!.GetValue<string>()).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.Matches("^[a-z][A-Za-z0-9]+$", id));
    }

    [Fact]
    public async Task Document_EachJsonBody_HasExamplesThatObeyItsSchema()
    {
        var description = await ReadAsync();

        foreach (var (method, path, operation) in description.Operations)
        {
            if (operation["requestBody"] is { } request)
            {
                AssertExamples($"{method} {path}, request", request["content"]![Json]!);
            }

            foreach (var status in Statuses(operation))
            {
                if (description.Response(operation, status)!["content"]?[Json] is { } content)
                {
                    AssertExamples($"{method} {path}, {status}", content);
                }
            }
        }

        void AssertExamples(string where, JsonNode content)
        {
            var examples = ApiDescription.Examples(content).ToList();
            Assert.True(examples.Count > 0, $"{where}: no example.");
            foreach (var example in examples)
            {
                var problem = description.Check(content["schema"]!, JsonElement.Parse(example.ToJsonString()), closed: true);
                Assert.True(problem is null, $"{where}: {problem}");
            }
        }
    }

    [Fact]
    public async Task Document_OfEachOperation_NamesItsPathParametersAndItsKey()
    {
        foreach (var (method, path, operation) in (await ReadAsync()).Operations)
        {
            var inPath = (operation["parameters"]?.AsArray() ?? []).Where(parameter => parameter!["in"]!.GetValue<string>() == "path").Select(parameter => "{" + parameter!["name"] + "}");
            Assert.Equal(path.Split('/').Where(part => part.StartsWith('{')), inPath);
            var schemes = operation["security"]!.AsArray().SelectMany(scheme => scheme!.AsObject().Select(item => item.Key));
            Assert.Equal(path.StartsWith("/api/v1/admin", StringComparison.Ordinal) ? ["AdminKey"] : ["ApiKey", "Bearer"], schemes);
            Assert.Contains(401, Statuses(operation));
        }
    }

    [Fact]
    public async Task Document_MembersThatAreOneOfAFewWords_NameThem()
    {
        var schemas = (await ReadAsync()).Document["components"]!["schemas"]!;

        Assert.All(AnswerWords.Keys, key => Assert.NotEmpty(schemas[key.Body.Name[..^"Body".Length]]!["properties"]![key.Member]!["enum"]!.AsArray()));
    }

    [Fact]
    public async Task Document_Webhooks_AreTheEvents()
    {
        var webhooks = (await ReadAsync()).Document["webhooks"]!.AsObject();

        Assert.Equal(EventTypes.All, webhooks.Select(webhook => webhook.Key));
    }

    [Fact]
    public async Task Page_Open_NeedsNothingFromElsewhere()
    {
        var page = await server.Capacitor.Anonymous.SendAsync("GET", "/docs/");

        Assert.Equal(200, page.Status);
        Assert.Contains("connect-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("openapi/v1.json", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("//", page.Body.Replace("</", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(200, (await server.Capacitor.Anonymous.SendAsync("GET", "/docs/scalar.js")).Status);
    }

    [Theory]
    [InlineData("GET", "/api/v1/chargers", 200, """{"chargers":[],"pagination":{"total":0,"limit":50,"offset":0},"more":1}""")]
    [InlineData("GET", "/api/v1/chargers", 200, """{"chargers":[],"pagination":{"total":0,"limit":50}}""")]
    [InlineData("GET", "/api/v1/chargers", 200, """{"chargers":[],"pagination":{"total":0,"limit":50,"offset":null}}""")]
    [InlineData("GET", "/api/v1/chargers", 202, """{"chargers":[],"pagination":{"total":0,"limit":50,"offset":0}}""")]
    [InlineData("GET", "/api/v1/chargers", 401, """{"success":false,"error":{"code":"FORBIDDEN","message":"No."}}""")]
    [InlineData("GET", "/api/v1/chargers", 504, """{"success":false,"error":{"code":"COMMAND_TIMEOUT","message":"No."}}""")]
    [InlineData("GET", "/api/v1/unheard-of", 200, "{}")]
    public async Task Check_OfAnAnswerThatIsNotInTheDocument_SaysWhatIsWrong(string method, string path, int status, string body) =>
        Assert.NotNull((await ReadAsync()).CheckAnswer(method, path, status, JsonElement.Parse(body)));

    [Fact]
    public async Task Check_OfAnAnswerThatIsInTheDocument_SaysNothing()
    {
        var body = JsonElement.Parse("""{"chargers":[],"pagination":{"total":0,"limit":50,"offset":0}}""");

        Assert.Null((await ReadAsync()).CheckAnswer("GET", "/api/v1/chargers", 200, body));
    }

    private async Task<ApiDescription> ReadAsync() => new((await server.Capacitor.Anonymous.SendAsync("GET", "/openapi/v1.json")).Body);

    private List<string> Mapped() =>
    [
        .. server.Capacitor.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("api/v1/", StringComparison.Ordinal) == true)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => RouteDocs.Key(method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/')))),
    ];

    private static IEnumerable<int> Statuses(JsonNode operation) => operation["responses"]!.AsObject().Select(response => int.Parse(response.Key, System.Globalization.CultureInfo.InvariantCulture));
}
