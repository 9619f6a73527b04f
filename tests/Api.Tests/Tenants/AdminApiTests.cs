using System.Text.RegularExpressions;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Tenants;

[Collection(ApiServer.Collection)]
public sealed partial class AdminApiTests(ApiServer server)
{
    private const string Path = "/api/v1/admin/tenants";

    private HttpClient Admin => server.Capacitor.Admin;

    [Theory]
    [InlineData("X-Admin-Key", "wrong")]
    [InlineData("X-Admin-Key", "")]
    [InlineData("X-API-Key", "cap_live_wrong")]
    public async Task WithoutTheAdminKey_IsUnauthorized(string header, string key) =>
        (await server.Capacitor.ClientOf(header, key).SendAsync("GET", Path)).AssertError(401, "UNAUTHORIZED");

    [Fact]
    public async Task WithATenantsKey_IsUnauthorized() => (await server.Http.SendAsync("GET", Path)).AssertError(401, "UNAUTHORIZED", "X-Admin-Key");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task NoAdminKeyConfigured_ThereIsNoAdminApi(string? configured)
    {
        await using var closed = await CapacitorServer.StartAsync(new Dictionary<string, string?> { ["Capacitor:AdminKey"] = configured });

        (await closed.Admin.SendAsync("GET", Path)).AssertError(404, "NOT_FOUND");
        (await closed.ClientOf("X-Admin-Key", "").SendAsync("POST", Path, "{}")).AssertError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("""{"name":"Acme"}""", "scale")]
    [InlineData("""{"name":"Acme","tier":"free"}""", "free")]
    [InlineData("""{"name":"Acme","tier":"starter"}""", "starter")]
    [InlineData("""{"name":"Acme","tier":"growth"}""", "growth")]
    public async Task Post_ATenant_AnswersIt(string body, string tier)
    {
        var reply = await Admin.SendAsync("POST", Path, body);

        Assert.Equal(201, reply.Status);
        var id = Id(reply);
        Assert.Matches($$"""^\{"id":"ten_[a-z0-9]{20}","name":"Acme","tier":"{{tier}}","suspended":false,"createdAt":"[^"]+Z","unknownIdTagPolicy":"accept"\}$""", reply.Body);
        Assert.Equal($"{Path}/{id}", reply.Header("Location"));
        Assert.Equal(reply.Body, (await Admin.SendAsync("GET", $"{Path}/{id}")).Body);
    }

    [Fact]
    public async Task Get_All_ListsTheDefaultTenantAndNewOnes()
    {
        var made = await Admin.SendAsync("POST", Path, """{"name":"Listed"}""");

        var reply = await Admin.SendAsync("GET", Path + "?limit=200");

        Assert.Contains(made.Body, reply.Body, StringComparison.Ordinal);
        Assert.Equal("default", reply.Json.GetProperty("tenants")[0].GetProperty("id").GetString());
        Assert.Equal(reply.Json.GetProperty("tenants").GetArrayLength(), reply.Json.GetProperty("pagination").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Patch_ATenant_ChangesWhatIsGiven()
    {
        var made = await Admin.SendAsync("POST", Path, """{"name":"Before"}""");

        var reply = await Admin.SendAsync("PATCH", $"{Path}/{Id(made)}", """{"name":"After","tier":"growth"}""");

        Assert.Equal(made.Body.Replace("Before", "After", StringComparison.Ordinal).Replace("scale", "growth", StringComparison.Ordinal), reply.Body);
    }

    [Fact]
    public async Task Delete_ATenant_EndsItAndItsKeys()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);

        var reply = await Admin.SendAsync("DELETE", $"{Path}/{tenant.Id}");

        Assert.Equal("""{"message":"Tenant deleted successfully"}""", reply.Body);
        (await tenant.Http.SendAsync("GET", "/api/v1/chargers")).AssertError(401, "UNAUTHORIZED");
        (await Admin.SendAsync("GET", $"{Path}/{tenant.Id}")).AssertError(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Delete_ATenantWithChargers_IsAConflict()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        await server.AddChargerAsync(tenant.Http);

        (await Admin.SendAsync("DELETE", $"{Path}/{tenant.Id}")).AssertError(409, "CONFLICT", "1 charger");
    }

    [Fact]
    public async Task PostKey_ShowsTheKeyThisOnce()
    {
        var id = Id(await Admin.SendAsync("POST", Path, """{"name":"Acme"}"""));

        var made = await Admin.SendAsync("POST", $"{Path}/{id}/api-keys", """{"name":"Production"}""");
        var listed = await Admin.SendAsync("GET", $"{Path}/{id}/api-keys");

        Assert.Equal(201, made.Status);
        Assert.Matches(CreatedKey(), made.Body);
        var key = made.Json.GetProperty("key").GetString()!;
        Assert.DoesNotContain(key, listed.Body, StringComparison.Ordinal);
        Assert.Equal(["id", "name", "prefix", "lastUsed", "createdAt"], Reply.Names(listed.Json.GetProperty("apiKeys")[0]));
        Assert.StartsWith(listed.Json.GetProperty("apiKeys")[0].GetProperty("prefix").GetString()!.TrimEnd('*'), key, StringComparison.Ordinal);
        Assert.Equal(200, (await server.Capacitor.ClientOf("X-API-Key", key).SendAsync("GET", "/api/v1/chargers")).Status);
    }

    [Theory]
    [InlineData("POST", "", "{}", "'name' is required: a string.")]
    [InlineData("POST", "", """{"name":""}""", "'name' must have 1 to 255 characters.")]
    [InlineData("POST", "", """{"name":"A","tier":"gold"}""", "'tier' must be one of free, starter, growth, scale, not 'gold'.")]
    [InlineData("POST", "", """{"name":"A","tier":3}""", "'tier' must be one of free, starter, growth, scale, not 3.")]
    [InlineData("PATCH", "/default", """{"suspended":"no"}""", "'suspended' must be true or false, not a string.")]
    [InlineData("PATCH", "/default", """{"name":null}""", "'name' must be a string, not null.")]
    [InlineData("POST", "/default/api-keys", "{}", "'name' is required: a string.")]
    public async Task WhatIsNotAllowed_IsRefusedInWords(string method, string path, string body, string message) =>
        (await Admin.SendAsync(method, Path + path, body)).AssertError(400, "VALIDATION_ERROR", message);

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/api-keys")]
    [InlineData("GET", "/api-keys")]
    [InlineData("DELETE", "/api-keys/key_none")]
    public async Task UnknownTenant_IsNotFound(string method, string path) =>
        (await Admin.SendAsync(method, $"{Path}/ten_none{path}", method is "POST" or "PATCH" ? "not JSON" : null)).AssertError(404, "NOT_FOUND", "Tenant ten_none not found");

    [Fact]
    public async Task DeleteKey_Unknown_IsNotFound() =>
        (await Admin.SendAsync("DELETE", $"{Path}/default/api-keys/key_none")).AssertError(404, "NOT_FOUND", "API key key_none not found");

    private static string Id(Reply reply) => reply.Json.GetProperty("id").GetString()!;

    [GeneratedRegex("""^\{"id":"key_[^"]+","name":"Production","key":"cap_live_[^"]{16,}","createdAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}$""")]
    private static partial Regex CreatedKey();
}
