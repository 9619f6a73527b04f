using System.Text.RegularExpressions;

namespace Capacitor.Api.Tests.Webhooks;

/// <summary>Every documented request, by its literal bytes.</summary>
[Collection(ApiServer.Collection)]
public sealed partial class WebhookApiTests(ApiServer server)
{
    private const string Path = "/api/v1/webhooks";

    // Resolves nowhere, so that nothing is delivered to anybody.
    private const string Url = "https://myapp.invalid/webhooks/capacitor";

    [Fact]
    public async Task Post_TheDocumentedRequest_AnswersTheDocumentedWebhook()
    {
        var reply = await server.Http.SendAsync("POST", Path, $$"""
            {
              "url": "{{Url}}",
              "events": ["charger.connected", "charger.disconnected", "transaction.started", "transaction.stopped"],
              "secret": "optional_webhook_secret"
            }
            """);

        Assert.Equal(201, reply.Status);
        Assert.Matches(Documented(), reply.Body);
        Assert.Equal(["charger.connected", "charger.disconnected", "transaction.started", "transaction.stopped"], Events(reply));
        Assert.Equal($"{Path}/{Id(reply)}", reply.Header("Location"));
    }

    [Fact]
    public async Task Get_All_AnswersThemOldestFirstAndNothingElse()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Starter);
        var first = await tenant.Http.SendAsync("POST", Path, New());
        var second = await tenant.Http.SendAsync("POST", Path, New());

        var reply = await tenant.Http.SendAsync("GET", Path);

        Assert.Equal(200, reply.Status);
        Assert.Equal($$"""{"webhooks":[{{first.Body}},{{second.Body}}]}""", reply.Body);
    }

    [Fact]
    public async Task Get_NoneRegistered_AnswersAnEmptyList()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Starter);

        Assert.Equal("""{"webhooks":[]}""", (await tenant.Http.SendAsync("GET", Path)).Body);
    }

    [Fact]
    public async Task Get_One_AnswersIt()
    {
        var created = await server.Http.SendAsync("POST", Path, New());

        var reply = await server.Http.SendAsync("GET", $"{Path}/{Id(created)}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(created.Body, reply.Body);
    }

    [Fact]
    public async Task Patch_TheDocumentedRequest_AnswersTheChangedWebhook()
    {
        var created = await server.Http.SendAsync("POST", Path, New());

        var reply = await server.Http.SendAsync("PATCH", $"{Path}/{Id(created)}", """
            {"url":"https://newurl.invalid/webhooks","events":["charger.connected"],"active":true}
            """);

        Assert.Equal(200, reply.Status);
        Assert.Equal(
            created.Body.Replace(Url, "https://newurl.invalid/webhooks", StringComparison.Ordinal).Replace("transaction.started", "charger.connected", StringComparison.Ordinal),
            reply.Body);
        Assert.Equal(reply.Body, (await server.Http.SendAsync("GET", $"{Path}/{Id(created)}")).Body);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"unknown":1,"id":"wh_other","createdAt":"2020-01-01T00:00:00.000Z"}""")]
    [InlineData("""{"secret":"another"}""")]
    [InlineData("""{"secret":null}""")]
    public async Task Patch_NothingThatShows_LeavesTheWebhookAsItWas(string patch)
    {
        var created = await server.Http.SendAsync("POST", Path, New());

        Assert.Equal(created.Body, (await server.Http.SendAsync("PATCH", $"{Path}/{Id(created)}", patch)).Body);
    }

    [Fact]
    public async Task Patch_ActiveFalse_SwitchesOff()
    {
        var created = await server.Http.SendAsync("POST", Path, New());

        var reply = await server.Http.SendAsync("PATCH", $"{Path}/{Id(created)}", """{"active":false}""");

        Assert.Contains("\"active\":false", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_One_AnswersTheDocumentedMessageAndItIsGone()
    {
        var created = await server.Http.SendAsync("POST", Path, New());

        var reply = await server.Http.SendAsync("DELETE", $"{Path}/{Id(created)}");

        Assert.Equal(200, reply.Status);
        Assert.Equal("""{"message":"Webhook deleted successfully"}""", reply.Body);
        foreach (var method in new[] { "GET", "DELETE" })
        {
            (await server.Http.SendAsync(method, $"{Path}/{Id(created)}")).AssertError(404, "NOT_FOUND", Id(created));
        }
    }

    [Theory]
    [InlineData("""{"events":["*"]}""", "'url' is required: a string.")]
    [InlineData("""{"url":7,"events":["*"]}""", "'url' must be a string, not 7.")]
    [InlineData("""{"url":null,"events":["*"]}""", "'url' must be a string, not null.")]
    [InlineData("""{"url":"https://a.invalid"}""", "'events' is required: an array of strings.")]
    [InlineData("""{"url":"https://a.invalid","events":"*"}""", "'events' must be an array of strings, not a string.")]
    [InlineData("""{"url":"https://a.invalid","events":["*",1]}""", "'events[1]' must be a string, not 1.")]
    [InlineData("""{"url":"https://a.invalid","events":["*"],"secret":true}""", "'secret' must be a string, not true.")]
    [InlineData("""{"url":"https://a.invalid","events":[]}""", "at least one")]
    [InlineData("""{"url":"https://a.invalid","events":["charger.exploded"]}""", "charger.connected")]
    [InlineData("""{"url":"ftp://a.invalid","events":["*"]}""", "http")]
    [InlineData("""{"url":"not a url","events":["*"]}""", "http")]
    [InlineData("""{"url":"/relative","events":["*"]}""", "http")]
    [InlineData("""{"url":"https://user:secret@a.invalid","events":["*"]}""", "password")]
    [InlineData("""{"url":"https://a.invalid","events":["*"],"secret":""}""", "secret")]
    public async Task Post_WhatIsNotAllowed_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", Path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Theory]
    [InlineData("""{"url":null}""", "'url' must be a string, not null.")]
    [InlineData("""{"events":null}""", "'events' must be an array of strings, not null.")]
    [InlineData("""{"active":null}""", "'active' must be true or false, not null.")]
    [InlineData("""{"active":"yes"}""", "'active' must be true or false, not a string.")]
    [InlineData("""{"events":[]}""", "at least one")]
    [InlineData("""{"url":"gopher://a.invalid"}""", "http")]
    public async Task Patch_WhatIsNotAllowed_IsRefusedInWords(string body, string message)
    {
        var created = await server.Http.SendAsync("POST", Path, New());

        (await server.Http.SendAsync("PATCH", $"{Path}/{Id(created)}", body)).AssertError(400, "VALIDATION_ERROR", message);
    }

    [Fact]
    public async Task Patch_MissingWebhookAndWrongBody_SaysMissing() =>
        (await server.Http.SendAsync("PATCH", $"{Path}/wh_none", "not JSON")).AssertError(404, "NOT_FOUND", "Webhook wh_none not found");

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task AnotherTenantsWebhook_IsNotFound(string method)
    {
        var other = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Starter);
        var created = await server.Http.SendAsync("POST", Path, New());

        var reply = await other.Http.SendAsync(method, $"{Path}/{Id(created)}", method == "PATCH" ? """{"active":false}""" : null);

        reply.AssertError(404, "NOT_FOUND", Id(created));
        Assert.Equal(created.Body, (await server.Http.SendAsync("GET", $"{Path}/{Id(created)}")).Body);
        Assert.Equal("""{"webhooks":[]}""", (await other.Http.SendAsync("GET", Path)).Body);
    }

    [Theory]
    [InlineData("POST", Path)]
    [InlineData("GET", Path)]
    [InlineData("GET", Path + "/wh_none")]
    [InlineData("PATCH", Path + "/wh_none")]
    [InlineData("DELETE", Path + "/wh_none")]
    public async Task FreeTier_EveryPath_IsForbiddenAndNamesTheTierThatIsNeeded(string method, string path)
    {
        var free = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Free);

        var reply = await free.Http.SendAsync(method, path, method is "POST" or "PATCH" ? "not JSON" : null);

        reply.AssertError(403, "FORBIDDEN", "Starter");
        Assert.Equal("""{"requiredTier":"starter","currentTier":"free"}""", reply.Json.GetProperty("error").GetProperty("details").GetRawText());
    }

    [Fact]
    public async Task Downgraded_WebhooksAreKeptOutOfReachUntilTheUpgrade()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Capacitor.Tenants.Tier.Growth);
        var created = await tenant.Http.SendAsync("POST", Path, New());

        await server.Capacitor.Admin.SendAsync("PATCH", $"/api/v1/admin/tenants/{tenant.Id}", """{"tier":"free"}""");
        (await tenant.Http.SendAsync("GET", Path)).AssertError(403, "FORBIDDEN");
        await server.Capacitor.Admin.SendAsync("PATCH", $"/api/v1/admin/tenants/{tenant.Id}", """{"tier":"starter"}""");

        Assert.Equal($$"""{"webhooks":[{{created.Body}}]}""", (await tenant.Http.SendAsync("GET", Path)).Body);
    }

    private static string New() => $$"""{"url":"{{Url}}","events":["transaction.started"]}""";

    private static string Id(Reply reply) => reply.Json.GetProperty("id").GetString()!;

    private static IEnumerable<string?> Events(Reply reply) => reply.Json.GetProperty("events").EnumerateArray().Select(name => name.GetString());

    [GeneratedRegex("""^\{"id":"wh_[A-Za-z0-9_-]{16,}","url":"https://myapp\.invalid/webhooks/capacitor","events":\[("[a-z_.]+",?)+\],"active":true,"createdAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}$""")]
    private static partial Regex Documented();
}
