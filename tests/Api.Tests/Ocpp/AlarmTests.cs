using System.Text.Json;
using Capacitor.Events;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Alarms of a server that does not wait for long: raised by the watch, with nobody saying anything.</summary>
public sealed class AlarmTests : IAsyncLifetime
{
    private static readonly string[] Alarms = ["OfflineAlarm", "HeartbeatAlarm", "MeterValuesAlarm"];

    private EdgeFixture _edge = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _edge.Server.DisposeAsync();

    [Fact]
    public async Task Offline_IsRaisedWhileNobodySpeaks_AndResolvedByTheConnection()
    {
        await BeginAsync("OfflineAlarm");
        var id = await _edge.AddChargerAsync();
        await using (var charger = await _edge.ConnectAsync(id))
        {
            await charger.CallAsync("Heartbeat");
            await charger.CloseAsync();
        }

        var triggered = await NextAsync(id, EventTypes.AlarmTriggered);
        Assert.Equal(("offline", "critical"), (Text(triggered, "alarmType"), Text(triggered, "severity")));
        await using var again = await _edge.ConnectAsync(id);
        await again.CallAsync("Heartbeat");
        Assert.Equal(Text(triggered, "alarmId"), Text(await NextAsync(id, EventTypes.AlarmResolved), "alarmId"));
    }

    [Fact]
    public async Task Offline_AcrossARestart_IsRaisedOnce()
    {
        await BeginAsync("OfflineAlarm");
        var id = await _edge.AddChargerAsync();
        await using (var charger = await _edge.ConnectAsync(id))
        {
            await charger.CallAsync("Heartbeat");
            await charger.CloseAsync();
        }

        await NextAsync(id, EventTypes.ChargerDisconnected);
        await _edge.Server.RestartAsync();
        await NextAsync(id, EventTypes.AlarmTriggered);
        await _edge.Server.RestartAsync();
        var other = await _edge.AddChargerAsync();
        await using (var charger = await _edge.ConnectAsync(other))
        {
            await charger.CallAsync("Heartbeat");
            await charger.CloseAsync();
        }

        await NextAsync(other, EventTypes.AlarmTriggered); // by then the other would have been raised again
        await _edge.OnlyEventAsync(id, EventTypes.AlarmTriggered);
    }

    [Fact]
    public async Task HeartbeatMissed_IsResolvedByTheNextMessage()
    {
        await BeginAsync("HeartbeatAlarm");
        var id = await _edge.AddChargerAsync();
        await using var charger = await _edge.ConnectAsync(id);
        var triggered = await NextAsync(id, EventTypes.AlarmTriggered);
        Assert.Equal("heartbeat_missed", Text(triggered, "alarmType"));

        await charger.CallAsync("Authorize", """{"idTag":"A"}"""); // one that commits nothing by itself
        Assert.Equal(Text(triggered, "alarmId"), Text(await _edge.OnlyEventAsync(id, EventTypes.AlarmResolved), "alarmId"));
    }

    [Fact]
    public async Task NoMeterValues_IsResolvedByTheNext_AndByTheEnd()
    {
        await BeginAsync("MeterValuesAlarm");
        var id = await _edge.AddChargerAsync();
        await using var charger = await _edge.ConnectAsync(id);
        var now = TimeProvider.System.GetUtcNow();
        var start = await charger.CallAsync("StartTransaction", ChargerMessages.Start(2, "TAG", 0, now));
        var transaction = start.Payload.GetProperty("transactionId").GetInt32();
        var triggered = await NextAsync(id, EventTypes.AlarmTriggered);
        Assert.Equal(("no_meter_values", 2), (Text(triggered, "alarmType"), triggered.GetProperty("connectorId").GetInt32()));

        await charger.CallAsync("MeterValues", ChargerMessages.Meter(transaction, 100, now));
        Assert.Equal("Meter values come again.", Text(await _edge.OnlyEventAsync(id, EventTypes.AlarmResolved), "message"));
        await NextAsync(id, EventTypes.AlarmTriggered, skip: 1);
        await charger.CallAsync("StopTransaction", ChargerMessages.Stop(transaction, 200, now));
        Assert.Equal("The transaction has ended.", Text((await _edge.EventsAsync(id, EventTypes.AlarmResolved))[1].GetProperty("data"), "message"));
    }

    [Fact]
    public async Task Remove_WithAnAlarm_ResolvesItBeforeTheDeletion()
    {
        await BeginAsync("HeartbeatAlarm");
        var id = await _edge.AddChargerAsync();
        await using var charger = await _edge.ConnectAsync(id);
        await NextAsync(id, EventTypes.AlarmTriggered);

        using var deleted = await _edge.Server.Http.DeleteAsync(new Uri($"/api/v1/chargers/{id}", UriKind.Relative));

        Assert.True(deleted.IsSuccessStatusCode);
        Assert.Equal(
            [EventTypes.AlarmTriggered, EventTypes.AlarmResolved, EventTypes.ChargerDisconnected, EventTypes.ChargerDeleted],
            (await _edge.EventsAsync(id)).Select(e => e.GetProperty("event").GetString()).Skip(2));
    }

    /// <summary>A server with this alarm only, so that a slow machine raises no other.</summary>
    private async Task BeginAsync(string alarm) => _edge = await EdgeFixture.StartAsync(
    [
        .. Alarms.Select(name => ($"Capacitor:Chargers:{name}", name == alarm ? "00:00:00.5" : "")),
        ("Capacitor:Chargers:WatchInterval", "00:00:00.1"),
    ]);

    /// <summary>Waits for the charger's event of this type after so many of it.</summary>
    private async Task<JsonElement> NextAsync(string id, string type, int skip = 0)
    {
        var after = skip == 0 ? "0" : (await _edge.EventsAsync(id, type))[skip - 1].GetProperty("position").ToString();
        var page = JsonElement.Parse(await _edge.Server.Http.GetStringAsync(new Uri($"/api/v1/events?wait=20&after={after}&chargeBoxId={id}&type={type}", UriKind.Relative)));
        return page.GetProperty("events")[0].GetProperty("data");
    }

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
