using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Security;

[Collection(ApiServer.Collection)]
public sealed class ApiKeyTests(ApiServer server)
{
    private const string Path = "/api/v1/chargers";

    [Fact]
    public async Task NoKey_IsUnauthorizedAndSaysHow()
    {
        var reply = await server.Capacitor.Anonymous.SendAsync("GET", Path);

        reply.AssertError(401, "UNAUTHORIZED", "X-API-Key");
        Assert.StartsWith("Bearer", reply.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/webhooks")]
    [InlineData("POST", "/api/v1/webhooks")]
    [InlineData("PATCH", "/api/v1/webhooks/wh_1")]
    [InlineData("DELETE", "/api/v1/webhooks/wh_1")]
    [InlineData("POST", "/api/v1/chargers")]
    [InlineData("GET", "/api/v1/chargers/A")]
    [InlineData("PATCH", "/api/v1/chargers/A")]
    [InlineData("DELETE", "/api/v1/chargers/A")]
    [InlineData("POST", "/api/v1/chargers/A/reset")]
    [InlineData("POST", "/api/v1/chargers/A/remote-start")]
    [InlineData("GET", "/api/v1/transactions")]
    [InlineData("GET", "/api/v1/transactions/1")]
    [InlineData("POST", "/api/v1/transactions/start")]
    [InlineData("POST", "/api/v1/transactions/1/stop")]
    [InlineData("GET", "/api/v1/events")]
    [InlineData("GET", "/api/v1/event-types")]
    [InlineData("GET", "/api/v1/tenant")]
    [InlineData("POST", "/api/v1/auth/api-keys")]
    public async Task WrongKey_IsUnauthorizedEverywhereBeforeAnythingElse(string method, string path) =>
        (await server.Capacitor.ClientOf("X-API-Key", "cap_live_wrong").SendAsync(method, path, method is "GET" or "DELETE" ? null : "not JSON"))
            .AssertError(401, "UNAUTHORIZED");

    [Theory]
    [InlineData("X-API-Key", "{0}", 200)]
    [InlineData("X-API-Key", " {0} ", 200)]
    [InlineData("Authorization", "Bearer {0}", 200)]
    [InlineData("Authorization", "bearer {0}", 200)]
    [InlineData("Authorization", "Basic {0}", 401)]
    [InlineData("Authorization", "{0}", 401)]
    [InlineData("X-API-Key", "{0}x", 401)]
    [InlineData("X-API-Key", "{0} {0}", 401)]
    public async Task Key_IsTakenFromEitherHeader(string header, string form, int status)
    {
        var key = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, server.Capacitor.ApiKey);

        Assert.Equal(status, (await server.Capacitor.ClientOf(header, key).SendAsync("GET", Path)).Status);
    }

    [Fact]
    public async Task Key_VeryLong_IsUnauthorized() =>
        (await server.Capacitor.ClientOf("X-API-Key", new string('a', 10_000)).SendAsync("GET", Path)).AssertError(401, "UNAUTHORIZED");

    [Fact]
    public async Task RevokedKey_IsUnauthorizedAtOnce()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);
        var keys = $"/api/v1/admin/tenants/{tenant.Id}/api-keys";
        var id = (await server.Capacitor.Admin.SendAsync("GET", keys)).Json.GetProperty("apiKeys")[0].GetProperty("id").GetString();
        Assert.Equal(200, (await tenant.Http.SendAsync("GET", Path)).Status);

        var revoked = await server.Capacitor.Admin.SendAsync("DELETE", $"{keys}/{id}");

        Assert.Equal("""{"message":"API key revoked successfully"}""", revoked.Body);
        (await tenant.Http.SendAsync("GET", Path)).AssertError(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task SuspendedTenant_IsForbiddenUntilResumed()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Scale);
        var path = $"/api/v1/admin/tenants/{tenant.Id}";

        await server.Capacitor.Admin.SendAsync("PATCH", path, """{"suspended":true}""");
        (await tenant.Http.SendAsync("GET", Path)).AssertError(403, "FORBIDDEN", "suspended");
        await server.Capacitor.Admin.SendAsync("PATCH", path, """{"suspended":false}""");

        Assert.Equal(200, (await tenant.Http.SendAsync("GET", Path)).Status);
    }

    [Fact]
    public async Task DailyLimit_IsToldOnEveryAnswerAndThenHeld()
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);
        for (var left = 49; left >= 0; left--)
        {
            var reply = await tenant.Http.SendAsync("GET", left % 2 == 0 ? Path : "/api/v1/webhooks");
            Assert.Equal(left % 2 == 0 ? 200 : 403, reply.Status);
            Assert.Equal("50", reply.Header("RateLimit-Limit"));
            Assert.Equal($"{left}", reply.Header("RateLimit-Remaining"));
            Assert.InRange(int.Parse(reply.Header("RateLimit-Reset")!, System.Globalization.CultureInfo.InvariantCulture), 1, 86_400);
        }

        var refused = await tenant.Http.SendAsync("GET", Path);

        refused.AssertError(429, "RATE_LIMIT_ERROR", "50");
        Assert.Equal("0", refused.Header("RateLimit-Remaining"));
        Assert.Equal(refused.Header("RateLimit-Reset"), refused.Header("Retry-After"));
    }

    [Fact]
    public async Task TierWithoutDailyLimit_TellsWhatTheKeyMayDoAtOnce()
    {
        var reply = await server.Http.SendAsync("GET", Path);

        Assert.Equal("5000", reply.Header("RateLimit-Limit"));
        Assert.InRange(int.Parse(reply.Header("RateLimit-Remaining")!, System.Globalization.CultureInfo.InvariantCulture), 1, 4_999);
        Assert.InRange(int.Parse(reply.Header("RateLimit-Reset")!, System.Globalization.CultureInfo.InvariantCulture), 1, 5);
    }

    [Theory]
    [InlineData("GET", "/api/v1/chargers/NOBODY", null, 404)]
    [InlineData("GET", "/api/v1/nowhere", null, 404)]
    [InlineData("PUT", Path, null, 405)]
    [InlineData("GET", Path + "?limit=x", null, 400)]
    [InlineData("POST", Path, "not JSON", 400)]
    public async Task RefusedCall_WithAKnownKey_CountsAndIsTold(string method, string path, string? body, int status)
    {
        var tenant = await server.Capacitor.AddTenantAsync(Tier.Free);

        var reply = await tenant.Http.SendAsync(method, path, body);

        Assert.Equal((status, "49"), (reply.Status, reply.Header("RateLimit-Remaining")));
    }

    [Fact]
    public async Task NowhereWithoutAKey_IsNotFound()
    {
        (await server.Capacitor.Anonymous.SendAsync("GET", "/api/v1/nowhere")).AssertError(404, "NOT_FOUND");
        (await server.Capacitor.ClientOf("X-API-Key", "cap_live_wrong").SendAsync("GET", "/api/v1/nowhere")).AssertError(404, "NOT_FOUND");
    }
}
