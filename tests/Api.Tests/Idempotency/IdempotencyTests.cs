using System.Text;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Idempotency;

/// <summary>Requests that are sent again because their answer did not come.</summary>
[Collection(ApiServer.Collection)]
public sealed class IdempotencyTests(ApiServer server)
{
    private const string Webhook = """{"url":"https://myapp.invalid/hook","events":["*"]}""";

    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task SameRequest_SentAgain_GetsTheSameAnswerAndNothingIsDoneTwice()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Starter);

        var first = await PostAsync(tenant.Http, "/api/v1/webhooks", Webhook);
        var second = await PostAsync(tenant.Http, "/api/v1/webhooks", Webhook);

        Assert.Equal((201, 201, first.Body), (first.Status, second.Status, second.Body));
        Assert.Equal((first.Header("Location"), first.Header("Content-Type")), (second.Header("Location"), second.Header("Content-Type")));
        Assert.NotNull(first.Header("Location"));
        Assert.Equal((null, "true"), (first.Header("Idempotency-Replayed"), second.Header("Idempotency-Replayed")));
        Assert.NotNull(second.Header("RateLimit-Remaining"));
        Assert.Equal(1, await CountWebhooksAsync(tenant.Http));
    }

    [Fact]
    public async Task SameRequest_ManyTimesAtOnce_DoesOneThing()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Growth);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(tenant.Http, "/api/v1/webhooks", Webhook)));

        Assert.All(replies, reply => Assert.Equal((201, replies[0].Body), (reply.Status, reply.Body)));
        Assert.Single(replies, reply => reply.Header("Idempotency-Replayed") is null);
        Assert.Equal(1, await CountWebhooksAsync(tenant.Http));
    }

    [Theory]
    [InlineData("/api/v1/webhooks", """{"url":"https://myapp.invalid/other","events":["*"]}""")]
    [InlineData("/api/v1/webhooks?a=b", Webhook)]
    [InlineData("/api/v1/chargers", Webhook)]
    public async Task OtherRequest_WithTheSameKey_IsAConflict(string path, string body)
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Starter);
        await PostAsync(tenant.Http, "/api/v1/webhooks", Webhook);

        (await PostAsync(tenant.Http, path, body)).AssertError(409, "CONFLICT", "within the last 24 hours with another request");

        Assert.Equal(1, await CountWebhooksAsync(tenant.Http));
    }

    [Fact]
    public async Task SameKey_OfAnotherTenantOrOfTheOperator_IsAnotherKey()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Starter);
        var other = await server.Capacitor.AddTenantAsync(Tier.Starter);
        const string Key = """{"name":"again"}""";

        var own = await PostAsync(tenant.Http, "/api/v1/auth/api-keys", Key);
        var others = await PostAsync(other.Http, "/api/v1/auth/api-keys", Key);
        var operators = await PostAsync(server.Capacitor.Admin, $"/api/v1/admin/tenants/{tenant.Id}/api-keys", Key);

        Assert.Equal(3, new[] { own, others, operators }.Select(reply => reply.Json.GetProperty("key").GetString()).Distinct().Count());
        Assert.Equal(operators.Body, (await PostAsync(server.Capacitor.Admin, $"/api/v1/admin/tenants/{tenant.Id}/api-keys", Key)).Body);
    }

    [Fact]
    public async Task ApiKey_SentAgain_IsTheSameKeyAndWorks()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Starter);

        var first = await PostAsync(tenant.Http, "/api/v1/auth/api-keys", """{"name":"backend"}""");
        var second = await PostAsync(tenant.Http, "/api/v1/auth/api-keys", """{"name":"backend"}""");

        Assert.Equal((201, first.Body), (second.Status, second.Body));
        Assert.Equal(200, (await server.Capacitor.ClientOf("X-API-Key", second.Json.GetProperty("key").GetString()).SendAsync("GET", "/api/v1/tenant")).Status);
        Assert.Equal(2, (await tenant.Http.SendAsync("GET", "/api/v1/auth/api-keys")).Json.GetProperty("apiKeys").GetArrayLength());
    }

    [Fact]
    public async Task WhatDidNothing_IsForgotten()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Starter);
        (await PostAsync(tenant.Http, "/api/v1/webhooks", "not JSON")).AssertError(400, "VALIDATION_ERROR");
        (await PostAsync(tenant.Http, "/api/v1/webhooks", $"\"{new string('x', 300_000)}\"")).AssertError(413, "PAYLOAD_TOO_LARGE");

        var reply = await PostAsync(tenant.Http, "/api/v1/webhooks", Webhook);

        Assert.Equal((201, null), (reply.Status, reply.Header("Idempotency-Replayed")));
    }

    [Fact]
    public async Task RemoteStart_NotConnectedAndThenConnected_GoesOutOnce()
    {
        var id = await server.AddChargerAsync();
        (await StartAsync(id)).AssertError(503, "SERVICE_UNAVAILABLE");
        await using var charger = await server.ConnectAsync(id);

        var starting = StartAsync(id);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Accepted"}""");
        var first = await starting;
        var again = await StartAsync(id);

        Assert.Equal((202, 202, first.Body, "true"), (first.Status, again.Status, again.Body, again.Header("Idempotency-Replayed")));
    }

    [Fact]
    public async Task RemoteStart_Rejected_IsRejectedAgainWithoutAskingTheCharger()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        var starting = StartAsync(id);
        await charger.AnswerAsync(await charger.NextCallAsync(), """{"status":"Rejected"}""");
        (await starting).AssertError(409, "COMMAND_REJECTED");

        var again = await StartAsync(id);

        again.AssertError(409, "COMMAND_REJECTED");
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task RemoteStart_WhoseChargerLeft_IsUncertainAgain()
    {
        var id = await server.AddChargerAsync();
        var charger = await server.ConnectAsync(id);
        var starting = StartAsync(id);
        await charger.NextCallAsync();
        await charger.DisposeAsync();
        (await starting).AssertError(504, "COMMAND_TIMEOUT");

        var again = await StartAsync(id);

        again.AssertError(504, "COMMAND_TIMEOUT");
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task RemoteStart_StillUnderWay_IsToldSoAndLaterItsAnswer()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        var starting = StartAsync(id);
        var call = await charger.NextCallAsync();

        var meanwhile = await StartAsync(id);
        meanwhile.AssertError(409, "CONFLICT", "still under way");
        Assert.Equal("1", meanwhile.Header("Retry-After"));

        await charger.AnswerAsync(call, """{"status":"Accepted"}""");
        Assert.Equal(202, (await starting).Status);
        Assert.Equal(202, (await StartAsync(id)).Status);
    }

    [Fact]
    public async Task Caller_WhoLeaves_ComesBackForTheAnswer()
    {
        var id = await server.AddChargerAsync();
        await using var charger = await server.ConnectAsync(id);
        using CancellationTokenSource leaving = new();
        using var request = Request($"/api/v1/chargers/{id}/remote-start", """{"connectorId":1}""");
        var starting = server.Http.SendAsync(request, leaving.Token);
        var call = await charger.NextCallAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);

        var again = StartAsync(id);
        await charger.AnswerAsync(call, """{"status":"Accepted"}""");

        Assert.Equal((202, "true"), ((await again).Status, (await again).Header("Idempotency-Replayed")));
    }

    [Theory]
    [InlineData("has a space")]
    [InlineData("")]
    [InlineData("256")]
    public async Task Key_ThatCanBeNone_IsRefusedInWords(string key)
    {
        using var content = new StringContent(Webhook, Encoding.UTF8, "application/json");
        var reply = await server.Http.SendAsync("POST", "/api/v1/webhooks", content, ("Idempotency-Key", key == "256" ? new string('k', 256) : key));

        reply.AssertError(400, "VALIDATION_ERROR", "1 to 255 visible ASCII characters");
    }

    [Fact]
    public async Task Get_WithAKey_TakesNoNoticeOfIt()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Null((await server.Http.SendAsync("GET", "/api/v1/chargers", null, ("Idempotency-Key", _key))).Header("Idempotency-Replayed"));
        }
    }

    private static async Task<int> CountWebhooksAsync(HttpClient http) => (await http.SendAsync("GET", "/api/v1/webhooks")).Json.GetProperty("webhooks").GetArrayLength();

    private Task<Reply> StartAsync(string charger) => PostAsync(server.Http, $"/api/v1/chargers/{charger}/remote-start", """{"connectorId":1}""");

    private async Task<Reply> PostAsync(HttpClient http, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await http.SendAsync("POST", path, content, ("Idempotency-Key", _key));
    }

    private HttpRequestMessage Request(string path, string json)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", _key);
        return request;
    }
}
