using System.Net;
using System.Net.Http.Json;
using Capacitor.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>Commands from one Api to the charger of another, while silos between them come and go.</summary>
[Collection(SharedCluster.Name)]
public sealed class CommandTests(ClusterFixture fixture, ITestOutputHelper output) : FaultTests(fixture, output)
{
    private const string Accepted = """{"status":"Accepted"}""";

    [Fact(Timeout = Bound)]
    public Task Command_ThroughTheOtherApi_ReachesTheChargerAndItsAnswerTheCaller() => WatchedAsync(async () =>
    {
        await Cluster.HealAsync();
        foreach (var (here, there) in new[] { (Cluster.Apis[0], Cluster.Apis[1]), (Cluster.Apis[1], Cluster.Apis[0]) })
        {
            await using var charger = await ConnectAsync(here, $"commanded-at-{here.Name}");
            var reset = ResetAsync(there, $"commanded-at-{here.Name}");
            await charger.AnswerAsync(await charger.NextCallAsync(), Accepted);
            Assert.Equal(HttpStatusCode.OK, await reset);
        }
    });

    [Theory(Timeout = Bound)]
    [InlineData(true)]
    [InlineData(false)]
    public Task Command_WaitsWhileASiloGoes_NothingElseWaitsAndItsAnswerArrives(bool politely) => WatchedAsync(async () =>
    {
        await Cluster.HealAsync();
        foreach (var silo in Cluster.Silos)
        {
            var id = $"held-{politely}-{silo.Name}";
            await using var charger = await ConnectAsync(Cluster.Apis[0], id);
            var reset = ResetAsync(Cluster.Apis[1], id);
            var call = await charger.NextCallAsync();

            var going = politely ? silo.StopAsync() : silo.KillAsync();
            while (!going.IsCompleted)
            {
                Assert.False((await charger.CallAsync("Heartbeat")).IsError);
            }

            await going;
            Assert.False((await charger.CallAsync("BootNotification", ChargerMessages.Boot())).IsError);
            Assert.False(reset.IsCompleted);
            await charger.AnswerAsync(call, Accepted);
            Assert.Equal(HttpStatusCode.OK, await reset);
            await silo.StartAsync();
        }
    });

    private static async Task<FakeCharger> ConnectAsync(ClusterNode api, string id)
    {
        var charger = await FakeCharger.ConnectAsync(api.Run.OcppUrl, id);
        Assert.False((await charger.CallAsync("BootNotification", ChargerMessages.Boot())).IsError);
        return charger;
    }

    private static async Task<HttpStatusCode> ResetAsync(ClusterNode api, string id)
    {
        using var answer = await api.Http.PostAsJsonAsync($"/api/v1/chargers/{id}/reset", new { type = "Soft" });
        return answer.StatusCode;
    }
}
