using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What is due of chargers, while processes are killed.</summary>
public sealed class WatchCrashTests
{
    private static readonly string[] Soon = ["--Capacitor:Chargers:OfflineAlarm=00:00:02", "--Capacitor:Chargers:WatchInterval=00:00:00.2"];

    [Fact]
    public async Task KilledBeforeItWasDue_TheNextProcessRaisesIt()
    {
        using var data = new TemporaryDirectory();
        await using (var first = await ServerProcess.StartAsync(data.Path, "--Capacitor:Chargers:OfflineAlarm=00:00:02"))
        {
            await VisitAsync(first);
            await first.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(data.Path, Soon);
        Assert.Equal("offline", (await AlarmAsync(second)).GetProperty("alarmType").GetString());
    }

    [Fact]
    public async Task Cluster_TheSiloThatWatchesIsKilled_AnotherOneWatches()
    {
        var postgres = await PostgresServer.SharedAsync();
        using var data = new TemporaryDirectory();
        var database = await postgres.CreateDatabaseAsync();
        await using var first = await ServerProcess.StartSiloAsync(data.Path, database, Soon);
        await using var api = await ServerProcess.StartAsync(data.Path, $"--ConnectionStrings:Capacitor={database}");
        await using var second = await ServerProcess.StartSiloAsync(data.Path, database, Soon); // the first has the watch by now
        await VisitAsync(api);
        await first.KillAsync();

        Assert.Equal("offline", (await AlarmAsync(api)).GetProperty("alarmType").GetString());
    }

    private static async Task VisitAsync(ServerProcess server)
    {
        await server.RegisterChargerAsync("CP1");
        await using (var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1"))
        {
            await charger.CallAsync("Heartbeat");
            await charger.CloseAsync();
        }

        await NextAsync(server, "charger.disconnected");
    }

    private static async Task<JsonElement> AlarmAsync(ServerProcess server) => (await NextAsync(server, "alarm.triggered")).GetProperty("data");

    private static async Task<JsonElement> NextAsync(ServerProcess server, string type)
    {
        for (var asked = 0; asked < 9; asked++) // a silo that was killed is found dead first, and a reminder takes its minute
        {
            var page = JsonElement.Parse(await server.Http.GetStringAsync(new Uri($"/api/v1/events?wait=20&type={type}", UriKind.Relative)));
            if (page.GetProperty("events").GetArrayLength() > 0)
            {
                return page.GetProperty("events")[0];
            }
        }

        throw new InvalidOperationException($"There is no {type}.");
    }
}
