using System.Text.Json;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Tenants;

/// <summary>What a tenant sees of itself, and its own keys.</summary>
[Collection(ApiServer.Collection)]
public sealed class OwnTenantApiTests(ApiServer server)
{
    private const string Path = "/api/v1/tenant";
    private const string Keys = "/api/v1/auth/api-keys";

    [Fact]
    public async Task Get_OfAStarter_TellsLimitsAndUsage()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Starter);
        await server.AddChargerAsync(tenant.Http);
        await tenant.Http.SendAsync("POST", "/api/v1/webhooks", """{"url":"https://myapp.invalid/","events":["*"]}""");

        await tenant.Http.SendAsync("POST", "/api/v1/id-tags", """{"idTag":"A"}""");
        await tenant.Http.SendAsync("POST", "/api/v1/id-tags", """{"idTag":"B"}""");

        var own = (await tenant.Http.SendAsync("GET", Path)).Json;

        Assert.Equal(["id", "name", "tier", "suspended", "createdAt", "unknownIdTagPolicy", "limits", "usage"], Reply.Names(own));
        Assert.Equal((tenant.Id.Value, "starter", "starter"), (Text(own, "id"), Text(own, "name"), Text(own, "tier")));
        Assert.Equal(
            """{"chargers":5,"apiCallsPerDay":1000,"webhooks":5,"apiKeys":100,"idTags":null,"callsPerSecond":10,"callsAtOnce":50,"deliveryLogDays":3,"messageLogDays":3}""",
            own.GetProperty("limits").GetRawText());
        var usage = own.GetProperty("usage");
        Assert.Equal((1, 5, 1, 1, 2), (Number(usage, "chargers"), Number(usage, "apiCallsToday"), Number(usage, "webhooks"), Number(usage, "apiKeys"), Number(usage, "idTags")));
        Assert.EndsWith("T00:00:00.000Z", Text(usage, "resetsAt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OfTiersAtTheEnds_TellsWhatIsUnlimitedAndWhatIsNotIncluded()
    {
        var free = await server.Capacitor.AddTenantAsync(Tier.Free);
        var scale = await server.Capacitor.AddTenantAsync(Tier.Scale);

        var least = (await free.Http.SendAsync("GET", Path)).Json.GetProperty("limits");
        Assert.Equal((0, 10, 1), (Number(least, "webhooks"), Number(least, "idTags"), Number(least, "messageLogDays")));
        var limits = (await scale.Http.SendAsync("GET", Path)).Json.GetProperty("limits");
        Assert.Equal(JsonValueKind.Null, limits.GetProperty("chargers").ValueKind);
        Assert.Equal(JsonValueKind.Null, limits.GetProperty("apiCallsPerDay").ValueKind);
        Assert.Equal(1_000, Number(limits, "webhooks")); // what the installation allows anybody
    }

    [Fact]
    public async Task Patch_TheName_ChangesItAndNothingElse()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);

        var changed = await tenant.Http.SendAsync("PATCH", Path, """{"name":"Acme","tier":"scale","suspended":true}""");

        Assert.Equal((200, "Acme", "free"), (changed.Status, Text(changed.Json, "name"), Text(changed.Json, "tier")));
        Assert.False(changed.Json.GetProperty("suspended").GetBoolean());
        Assert.Equal("Acme", Text((await tenant.Http.SendAsync("GET", Path)).Json, "name"));
    }

    [Fact]
    public async Task Patch_UnknownIdTagPolicy_ChangesItAndLeavesTheName()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Starter);
        Assert.Equal("accept", Text((await tenant.Http.SendAsync("GET", Path)).Json, "unknownIdTagPolicy"));

        var changed = (await tenant.Http.SendAsync("PATCH", Path, """{"unknownIdTagPolicy":"reject"}""")).Json;

        Assert.Equal(("reject", "starter"), (Text(changed, "unknownIdTagPolicy"), Text(changed, "name")));
    }

    [Theory]
    [InlineData("""{"unknownIdTagPolicy":"maybe"}""", "'unknownIdTagPolicy' must be one of accept, reject")]
    [InlineData("""{"name":""}""", "'name' must have 1 to 255 characters")]
    [InlineData("""{"name":null}""", "'name'")]
    public async Task Patch_Wrong_IsRefusedInWords(string body, string message) =>
        (await server.Http.SendAsync("PATCH", Path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Fact]
    public async Task Key_MadeByTheTenant_WorksIsListedAndRevokesItself()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);

        var made = await tenant.Http.SendAsync("POST", Keys, """{"name":"backend"}""");

        Assert.Equal(201, made.Status);
        Assert.Equal(["id", "name", "key", "createdAt"], Reply.Names(made.Json));
        var key = Text(made.Json, "key");
        var second = server.Capacitor.ClientOf("X-API-Key", key);
        var listed = (await second.SendAsync("GET", Keys)).Json.GetProperty("apiKeys").EnumerateArray().ToList();
        Assert.Equal(["test", "backend"], listed.Select(item => Text(item, "name")));
        Assert.All(listed, item => Assert.Equal(["id", "name", "prefix", "lastUsed", "createdAt"], Reply.Names(item)));
        Assert.All(listed, item => Assert.NotEqual(JsonValueKind.Null, item.GetProperty("lastUsed").ValueKind));
        Assert.Equal(key[..13] + "****", Text(listed[1], "prefix"));

        var revoked = await second.SendAsync("DELETE", $"{Keys}/{Text(made.Json, "id")}");

        Assert.Equal((200, """{"message":"API key revoked successfully"}"""), (revoked.Status, revoked.Body));
        (await second.SendAsync("GET", Keys)).AssertError(401, "UNAUTHORIZED");
        (await tenant.Http.SendAsync("DELETE", $"{Keys}/{Text(made.Json, "id")}")).AssertError(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Key_TheLastOne_IsRevokedByTheOperatorOnly()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);
        var id = Text((await tenant.Http.SendAsync("GET", Keys)).Json.GetProperty("apiKeys")[0], "id");

        (await tenant.Http.SendAsync("DELETE", $"{Keys}/{id}")).AssertError(409, "CONFLICT", "last API key");

        Assert.Equal(200, (await tenant.Http.SendAsync("GET", Path)).Status);
        Assert.Equal(200, (await server.Capacitor.Admin.SendAsync("DELETE", $"/api/v1/admin/tenants/{tenant.Id}/api-keys/{id}")).Status);
    }

    [Fact]
    public async Task Key_OfAnotherTenant_IsNotFound()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);
        var other = await server.Capacitor.AddTenantAsync(Tier.Free);
        var id = Text((await tenant.Http.SendAsync("GET", Keys)).Json.GetProperty("apiKeys")[0], "id");

        (await other.Http.SendAsync("DELETE", $"{Keys}/{id}")).AssertError(404, "NOT_FOUND");

        Assert.Equal(200, (await tenant.Http.SendAsync("GET", Path)).Status);
    }

    [Fact]
    public async Task Keys_BeyondAHundred_AreRefused()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Growth);
        for (var made = 1; made < 100; made++)
        {
            Assert.Equal(201, (await tenant.Http.SendAsync("POST", Keys, """{"name":"one more"}""")).Status);
        }

        (await tenant.Http.SendAsync("POST", Keys, """{"name":"one too many"}""")).AssertError(429, "RATE_LIMIT_ERROR", "100 API keys");
    }

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;

    private static int Number(JsonElement json, string member) => json.GetProperty(member).GetInt32();
}
