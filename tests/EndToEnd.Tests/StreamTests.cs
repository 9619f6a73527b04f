using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The event stream through clients, and through deaths, that are not ours.</summary>
public class StreamTests
{
    private const string Stream = "/api/v1/events/stream";

    [Fact]
    public async Task EventSourceOfNode_IsCut_ComesBackByItselfAndMissesNothing()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(data.Path);
        await server.RegisterChargerAsync("CP1");
        await using var client = NodeClient.Start(
            "--experimental-eventsource", "event-source.mjs", server.Address.ToString().TrimEnd('/'), ServerProcess.ApiKey, "charger.connected", "charger.boot", "connector.status_changed");
        await client.NextAsync("open");

        await using var charger = await FakeCharger.ConnectAsync(server.OcppUrl, "CP1");
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"Ünïcode ⚡","chargePointModel":"One"}""");
        Assert.Equal("charger.connected", (await client.NextAsync("type")).GetProperty("event").GetString());
        var boot = await client.NextAsync("type");
        Assert.Equal(("charger.boot", "charger.boot"), (boot.GetProperty("type").GetString(), boot.GetProperty("event").GetString()));
        Assert.Contains("Ünïcode ⚡", boot.GetProperty("data").GetString(), StringComparison.Ordinal);

        await client.SendAsync("cut");
        await ChangeAsync(charger, 1, 3);

        Assert.Equal(boot.GetProperty("id").GetString(), (await client.NextAsync("asked")).GetProperty("asked").GetString());
        for (var connector = 1; connector <= 3; connector++)
        {
            Assert.Contains($"\"connectorId\":{connector},", (await client.NextAsync("type")).GetProperty("data").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stream_OfAClusterWhoseSilosAreKilledOneByOne_GoesOnAndMissesNothing()
    {
        var postgres = await PostgresServer.SharedAsync();
        using var data = new TemporaryDirectory();
        var database = await postgres.CreateDatabaseAsync();
        await using var first = await ServerProcess.StartSiloAsync(data.Path, database);
        await using var api = await ServerProcess.StartAsync(data.Path, $"--ConnectionStrings:Capacitor={database}");
        await using var second = await ServerProcess.StartSiloAsync(data.Path, database);
        await api.RegisterChargerAsync("CP1");
        await using var charger = await FakeCharger.ConnectAsync(api.OcppUrl, "CP1");
        await charger.CallAsync("BootNotification", """{"chargePointVendor":"V","chargePointModel":"M"}""");

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Stream}?type=connector.*");
        using var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        Assert.Equal("retry: 1000", await reader.ReadLineAsync());

        await ChangeAsync(charger, 1, 5);
        await first.KillAsync();
        await ChangeAsync(charger, 6, 5);
        await using var third = await ServerProcess.StartSiloAsync(data.Path, database);
        await second.KillAsync();
        await ChangeAsync(charger, 11, 5);

        for (var connector = 1; connector <= 15; connector++)
        {
            Assert.Contains($"\"connectorId\":{connector},", await NextDataAsync(reader), StringComparison.Ordinal);
        }
    }

    private static async Task<string> NextDataAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new EndOfStreamException("The stream ended.");
    }

    private static async Task ChangeAsync(FakeCharger charger, int from, int count)
    {
        foreach (var connector in Enumerable.Range(from, count))
        {
            await charger.CallAsync("StatusNotification", $$"""{"connectorId":{{connector}},"errorCode":"NoError","status":"Preparing"}""");
        }
    }
}
