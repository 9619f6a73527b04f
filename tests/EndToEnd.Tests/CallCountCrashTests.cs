using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The end of the process in the middle of a tenant's day: no call is given twice, and hardly one is lost.</summary>
public class CallCountCrashTests
{
    private const int Calls = 137;
    private const int Block = 10; // a hundredth of what the starter tier has

    [Fact]
    public async Task Kill_AtAnyTime_LosesABlockAtMostAndGivesNoCallTwice()
    {
        using var data = new TemporaryDirectory();
        var first = await ServerProcess.StartAsync(data.Path, "--Capacitor:Tiers:Starter:CallsPerSecond=");
        var key = await MakeKeyAsync(first);
        var remaining = 1_000;
        for (var call = 0; call < Calls; call++)
        {
            remaining = await AskAsync(first, key);
        }

        Assert.Equal(1_000 - Calls, remaining);
        await first.KillAsync();
        await first.DisposeAsync();

        await using var second = await ServerProcess.StartAsync(data.Path);

        Assert.InRange(await AskAsync(second, key), remaining - 1 - Block, remaining - 1);
    }

    private static async Task<int> AskAsync(ServerProcess server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/chargers") { Headers = { Authorization = new("Bearer", key) } };
        using var client = new HttpClient { BaseAddress = server.Address };
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return int.Parse(answer.Headers.GetValues("RateLimit-Remaining").Single(), CultureInfo.InvariantCulture);
    }

    private static async Task<string> MakeKeyAsync(ServerProcess server)
    {
        var tenant = await PostAsync(server, "/api/v1/admin/tenants", new { name = "Acme", tier = "starter" }, "id");
        return await PostAsync(server, $"/api/v1/admin/tenants/{tenant}/api-keys", new { name = "test" }, "key");
    }

    private static async Task<string> PostAsync(ServerProcess server, string path, object body, string member)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Admin-Key", ServerProcess.AdminKey);
        using var answer = await server.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(member).GetString()!;
    }
}
