using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What is counted and what is answered once, in a cluster whose processes all die.</summary>
public class ClusterLimitsTests
{
    private const int Calls = 55;
    private const int Block = 10; // a hundredth of what the starter tier has

    [Fact]
    public async Task Kill_SiloAndApi_TheDayGoesOnAndAnswersAreGivenAgain()
    {
        using var folder = new TemporaryDirectory();
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        string key, first;
        await using (var cluster = await SmallCluster.StartAsync(folder.Path, database, "--Capacitor:Tiers:Starter:CallsPerSecond="))
        {
            key = await MakeKeyAsync(cluster.Api);
            for (var call = 1; call < Calls; call++)
            {
                using var answer = await SendAsync(cluster.Api, key, HttpMethod.Get, "/api/v1/chargers");
                Assert.Equal(1_000 - call, Remaining(answer));
            }

            using var made = await SendAsync(cluster.Api, key, HttpMethod.Post, "/api/v1/auth/api-keys");
            first = await made.Content.ReadAsStringAsync();
            Assert.Equal(201, (int)made.StatusCode);
        } // both are killed

        await using var second = await SmallCluster.StartAsync(folder.Path, database);
        using var again = await SendAsync(second.Api, key, HttpMethod.Post, "/api/v1/auth/api-keys");

        Assert.Equal(first, await again.Content.ReadAsStringAsync());
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
        Assert.InRange(Remaining(again), 1_000 - Calls - 1 - Block, 1_000 - Calls - 1);
    }

    private static int Remaining(HttpResponseMessage answer) => int.Parse(answer.Headers.GetValues("RateLimit-Remaining").Single(), CultureInfo.InvariantCulture);

    private static async Task<HttpResponseMessage> SendAsync(ServerProcess server, string key, HttpMethod method, string path)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        using HttpRequestMessage request = new(method, path) { Headers = { Authorization = new("Bearer", key) } };
        if (method == HttpMethod.Post)
        {
            request.Content = JsonContent.Create(new { name = "backend" });
            request.Headers.Add("Idempotency-Key", "once");
        }

        return await client.SendAsync(request);
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
