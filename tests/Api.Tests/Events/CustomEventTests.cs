using System.Text.Json;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Events;

[Collection(ApiServer.Collection)]
public sealed class CustomEventTests(ApiServer server)
{
    private const string Path = "/api/v1/events";

    [Fact]
    public async Task Post_AnEvent_IsReadBackAsItWas()
    {
        var http = await NewTenantAsync();

        var made = await http.SendAsync("POST", Path, """{"event":"custom.order.paid_1", "data":{ "order": 7, "lines":["a\nb",null,1.50] , "ü":"\u00fc/"}}""");

        Assert.Equal(201, made.Status);
        Assert.Equal(["id", "event", "timestamp", "chargeBoxId"], Reply.Names(made.Json));
        var read = Assert.Single((await http.SendAsync("GET", Path)).Json.GetProperty("events").EnumerateArray());
        Assert.Equal(made.Json.GetProperty("id").GetString(), read.GetProperty("id").GetString());
        Assert.Equal(made.Json.GetProperty("timestamp").GetString(), read.GetProperty("timestamp").GetString());
        Assert.Equal("custom.order.paid_1", read.GetProperty("event").GetString());
        Assert.Equal("""{"order":7,"lines":["a\nb",null,1.50],"ü":"ü/"}""", read.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Get_ByNameAndGroup_FindsThemAmongOthers()
    {
        var http = await NewTenantAsync();
        await PublishAsync(http, "custom.a");
        await http.SendAsync("POST", "/api/v1/users", """{"name":"Ada"}""");
        await PublishAsync(http, "custom.b");
        await PublishAsync(http, "custom.a");

        Assert.Equal(["custom.a", "user.created", "custom.b", "custom.a"], await http.NamesOfAsync("*"));
        Assert.Equal(["custom.a", "custom.a"], await http.NamesOfAsync("custom.a"));
        Assert.Equal(["custom.a", "custom.b", "custom.a"], await http.NamesOfAsync("custom.*"));
        Assert.Equal(["custom.a", "user.created", "custom.b", "custom.a"], await http.NamesOfAsync("custom.*,user.created"));
        Assert.Equal(["user.created", "custom.b"], await http.NamesOfAsync("custom.b,user.created"));
        var first = (await http.SendAsync("GET", $"{Path}?type=custom.*&limit=2")).Json;
        Assert.Equal(2, first.GetProperty("events").GetArrayLength());
        var rest = await http.SendAsync("GET", $"{Path}?type=custom.*&after={first.GetProperty("pagination").GetProperty("nextCursor").GetString()}");
        Assert.Equal(1, rest.Json.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Get_WaitingForTheGroup_IsAnsweredWhenOneComes()
    {
        var http = await NewTenantAsync();

        var waiting = http.AwaitAsync("custom.*");
        await PublishAsync(http, "custom.late", """{"a":1}""");

        Assert.Equal("""{"a":1}""", (await waiting).GetRawText());
    }

    [Theory]
    [InlineData("custom.*", true)]
    [InlineData("custom.order_paid", true)]
    [InlineData("*", true)]
    [InlineData("custom.another", false)]
    [InlineData("user.*", false)]
    public async Task AWebhook_GetsWhatItNames(string events, bool wanted)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var http = await NewTenantAsync();
        var made = await http.SendAsync("POST", "/api/v1/webhooks", $$"""{"url":"{{receiver.Url}}","events":["{{events}}","payment.failed"]}""");
        Assert.True(made.Status == 201, made.Body);

        await PublishAsync(http, "custom.order_paid", """{"order":7}""");
        await http.SendAsync("POST", "/api/v1/payments", """{"amount":"1","currency":"EUR","status":"failed"}""");

        var got = await receiver.WaitForAsync(wanted ? 2 : 1);
        Assert.Equal(
            wanted ? ["custom.order_paid", "payment.failed"] : ["payment.failed"],
            got.Select(post => JsonElement.Parse(post.Body).GetProperty("event").GetString()).Order(StringComparer.Ordinal));
        var deliveries = $"/api/v1/webhooks/{made.Json.GetProperty("id").GetString()}/deliveries?event=";
        foreach (var name in (string[])["custom.*", "custom.order_paid", "custom.*,user.created"])
        {
            var log = await http.SendAsync("GET", deliveries + name);
            while (wanted && log.Json.GetProperty("deliveries").GetArrayLength() == 0)
            {
                log = await http.SendAsync("GET", deliveries + name); // it is written in batches
            }

            Assert.Equal(wanted ? 1 : 0, log.Json.GetProperty("deliveries").GetArrayLength());
        }
    }

    [Fact]
    public async Task Post_WithACharger_IsAmongItsEvents()
    {
        var http = await NewTenantAsync();
        var id = await server.AddChargerAsync(http);

        var made = await http.SendAsync("POST", Path, $$"""{"event":"custom.a","data":{},"chargeBoxId":"{{id.ToLowerInvariant()}}"}""");

        Assert.Equal(id, made.Json.GetProperty("chargeBoxId").GetString());
        var found = await http.SendAsync("GET", $"{Path}?type=custom.*&chargeBoxId={id}");
        Assert.Equal(1, found.Json.GetProperty("events").GetArrayLength());
        (await http.SendAsync("POST", Path, """{"event":"custom.a","data":{},"chargeBoxId":"NOBODYS"}""")).AssertError(400, "VALIDATION_ERROR", "names no charger");
    }

    [Theory]
    [InlineData("""{"data":{}}""", "'event' is required")]
    [InlineData("""{"event":"charger.boot","data":{}}""", "'event' must begin with custom.")]
    [InlineData("""{"event":"custom.","data":{}}""", "1 to 100")]
    [InlineData("""{"event":"custom.*","data":{}}""", "1 to 100")]
    [InlineData("""{"event":"custom.Order","data":{}}""", "a-z")]
    [InlineData("""{"event":"custom.a"}""", "'data' is required: an object")]
    [InlineData("""{"event":"custom.a","data":[]}""", "'data' must be an object, not an array")]
    [InlineData("""{"event":"custom.a","data":{"a":"\ud800"}}""", "half of a surrogate pair")]
    public async Task Post_WhatCannotBe_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("POST", Path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Post_OfTheLargestSize_IsTaken_AndNoMore()
    {
        var http = await NewTenantAsync();
        const string Frame = """{"event":"custom.a","data":{"a":""}}""";
        var largest = Frame.Insert(Frame.Length - 3, new string('x', (64 * 1024) - Frame.Length));

        Assert.Equal(201, (await http.SendAsync("POST", Path, largest)).Status);
        Assert.Equal(413, (await http.SendAsync("POST", Path, largest.Insert(largest.Length - 4, "x"))).Status);
    }

    [Fact]
    public async Task Post_OfTheFreeTier_IsForbidden() =>
        (await (await server.Capacitor.AddTenantAsync(Tier.Free)).Http.SendAsync("POST", Path, """{"event":"custom.a","data":{}}""")).AssertError(403, "FORBIDDEN", "Starter");

    private async Task<HttpClient> NewTenantAsync() => (await server.Capacitor.AddTenantAsync(Tier.Scale)).Http;

    private static async Task PublishAsync(HttpClient http, string name, string data = "{}")
    {
        var reply = await http.SendAsync("POST", Path, $$"""{"event":"{{name}}","data":{{data}}}""");
        Assert.True(reply.Status == 201, reply.Body);
    }
}
