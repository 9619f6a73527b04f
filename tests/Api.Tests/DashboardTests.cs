using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Capacitor.Testing;

namespace Capacitor.Api.Tests;

/// <summary>Who sees Orleans' dashboard.</summary>
public sealed class DashboardTests
{
    [Theory]
    [InlineData("Capacitor:Dashboard", null)]
    [InlineData("Capacitor:AdminKey", null)]
    public async Task Dashboard_WithoutItsSettingOrWithoutAKey_IsNotThere(string setting, string? value)
    {
        await using var server = await CapacitorServer.StartAsync(new Dictionary<string, string?> { ["Capacitor:Dashboard"] = "true", [setting] = value });
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, "/dashboard", null));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, "/dashboard/DashboardCounters", null));
    }

    [Fact]
    public async Task Dashboard_IsForThoseWithTheAdminKey()
    {
        await using var server = await CapacitorServer.StartAsync(new Dictionary<string, string?> { ["Capacitor:Dashboard"] = "true" });
        foreach (var path in new[] { "/dashboard", "/dashboard/", "/DASHBOARD/", "/dashboard/index.html", "/dashboard/DashboardCounters", "/dashboard/ClusterStats" })
        {
            using var refused = await server.Anonymous.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, refused.StatusCode));
            Assert.Equal("Basic", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
        }

        foreach (var wrong in new AuthenticationHeaderValue[]
        {
            new("Bearer", server.ApiKey), new("Bearer", ""), new("Basic", "!"), Basic("admin", server.ApiKey), Basic(server.AdminKey, ""), new("Digest", server.AdminKey),
        })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, "/dashboard/", wrong));
        }

        foreach (var right in new[] { new("Bearer", server.AdminKey), Basic("anybody", server.AdminKey) })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/dashboard/", right));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/dashboard/DashboardCounters", right));
        }

        Assert.Contains("html", await server.Admin.GetStringAsync("/dashboard/"), StringComparison.Ordinal); // by X-Admin-Key
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static async Task<HttpStatusCode> StatusAsync(CapacitorServer server, string path, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = authorization } };
        using var answer = await server.Anonymous.SendAsync(request);
        return answer.StatusCode;
    }
}
