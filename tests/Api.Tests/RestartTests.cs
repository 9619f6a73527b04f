using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task Restart_OnTheSameFolder_KeepsEverythingThatWasAnswered()
    {
        await using var server = await CapacitorServer.StartAsync();
        var tenant = await server.AddTenantAsync(Tier.Starter);
        await tenant.Http.SendAsync("POST", "/api/v1/webhooks", """{"url":"https://myapp.invalid/","events":["*"],"secret":"s"}""");
        await tenant.Http.SendAsync("POST", "/api/v1/chargers", """{"chargeBoxId":"RESTARTED","name":"Depot"}""");
        string[] paths = ["/api/v1/webhooks", "/api/v1/chargers", "/api/v1/chargers/RESTARTED", "/api/v1/events"];
        var before = await ReadAsync(tenant.Http, paths);

        await server.RestartAsync();

        Assert.Equal(before, await ReadAsync(tenant.Http, paths));
    }

    private static async Task<List<string>> ReadAsync(HttpClient http, string[] paths)
    {
        List<string> bodies = [];
        foreach (var path in paths)
        {
            bodies.Add((await http.SendAsync("GET", path)).Body);
        }

        return bodies;
    }
}
