using System.Net;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What a silo's process shows to whoever reaches its HTTP port.</summary>
public class SiloTests
{
    [Fact]
    public async Task Http_OfASilo_IsForThoseWhoWatchItAndNobodyElse()
    {
        using var data = new TemporaryDirectory();
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var silo = await ServerProcess.StartSiloAsync(data.Path, database, "--Capacitor:Dashboard=true");

        foreach (var path in new[] { "/", "/api/v1/chargers", "/api/v1/event-types", "/api/v1/webhooks", "/api/v1/admin/tenants", "/ocpp/CP1" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(silo, path, ServerProcess.AdminKey));
        }

        Assert.Equal(404, (await Assert.ThrowsAsync<HandshakeRefusedException>(() => FakeCharger.ConnectAsync(silo.OcppUrl, "CP1"))).Status);
        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(silo, path));
        }

        foreach (var path in new[] { "/dashboard/", "/dashboard/DashboardCounters" })
        {
            using var challenge = await silo.Http.GetAsync(path);
            Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (challenge.StatusCode, Assert.Single(challenge.Headers.WwwAuthenticate).Scheme));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(silo, path, ServerProcess.ApiKey));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(silo, path, ServerProcess.AdminKey));
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(ServerProcess silo, string path, string? adminKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (adminKey is not null)
        {
            request.Headers.Add("X-Admin-Key", adminKey);
        }

        using var answer = await silo.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
