using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.Ocpp.V16;
using Capacitor.Tenants;
using Xunit;

namespace Capacitor.Grains.Tests.Chargers;

/// <summary>What is wrong and told by no message, and when it is looked at.</summary>
public sealed class ChargerAlarmsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);
    private readonly ChargerOptions _options = new();
    private readonly ChargerState _state = new();

    public ChargerAlarmsTests() => _state.Register(new TenantId("acme"), new NewCharger { ChargeBoxId = new ChargeBoxId("CP") }, Noon);

    [Fact]
    public void Offline_ForLongEnough_IsRaisedOnce_AndResolvedByTheConnection()
    {
        _state.Attach("gateway", 1, Noon);
        _state.Detach(DisconnectReason.TimedOut, Noon);
        Assert.Equal(Noon.AddMinutes(10), _state.DueAt(_options));
        _state.Look(_options, Noon.AddMinutes(10).AddTicks(-1));
        Assert.Empty(Alarms());
        _state.Look(_options, Noon.AddMinutes(10));
        _state.Look(_options, Noon.AddMinutes(20));
        Assert.Null(_state.DueAt(_options));
        _state.Attach("gateway", 2, Noon.AddMinutes(30));

        var alarms = Alarms();
        Assert.Equal([EventTypes.AlarmTriggered, EventTypes.AlarmResolved], alarms.Select(alarm => alarm.Type));
        Assert.Single(alarms.Select(alarm => Text(alarm.Data, "alarmId")).Distinct());
        Assert.Equal(["alarmId", "alarmType", "chargeBoxId", "severity", "message"], alarms[0].Data.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("offline", "critical"), (Text(alarms[0].Data, "alarmType"), Text(alarms[0].Data, "severity")));
        Assert.Equal("The charger has been offline since 2026-02-06T12:00:00Z.", Text(alarms[0].Data, "message"));
    }

    [Fact]
    public void Offline_NeverConnected_IsNotMissed() => Assert.Null(_state.DueAt(_options));

    [Fact]
    public void Offline_TurnedOff_IsNeverDue()
    {
        _options.OfflineAlarm = TimeSpan.Zero;
        _state.Attach("gateway", 1, Noon);
        _state.Detach(DisconnectReason.TimedOut, Noon);
        Assert.Null(_state.DueAt(_options));
    }

    [Theory]
    [InlineData("message", "The charger sends messages again.")]
    [InlineData("take-over", "The charger sends messages again.")]
    [InlineData("end", "The charger has disconnected.")]
    public void HeartbeatMissed_IsResolvedByAnyMessageAndByTheEndOfTheConnection(string by, string message)
    {
        _state.Attach("gateway", 1, Noon);
        _state.Hear(Noon.AddMinutes(1));
        _state.Look(_options, Noon.AddMinutes(11));
        Assert.Empty(Alarms());
        _state.Look(_options, Noon.AddMinutes(12));
        _state.Look(_options, Noon.AddMinutes(13));
        Assert.Equal("heartbeat_missed", Text(Assert.Single(Alarms()).Data, "alarmType"));

        var later = Noon.AddMinutes(14);
        switch (by)
        {
            case "message":
                _state.Hear(later);
                break;
            case "take-over":
                _state.Attach("gateway", 2, later);
                break;
            default:
                _state.Detach(DisconnectReason.TimedOut, later);
                break;
        }

        Assert.Equal(message, Text(Alarms()[^1].Data, "message"));
        Assert.Empty(_state.Alarms);
    }

    [Fact]
    public void HeartbeatMissed_AfterTheGrainMoved_CountsFromThenOn()
    {
        _state.Attach("gateway", 1, Noon);
        _state.Awake(Noon.AddHours(1));
        _state.Look(_options, Noon.AddHours(1));

        Assert.Empty(Alarms());
        Assert.Equal(Noon.AddHours(1).AddMinutes(11), _state.DueAt(_options));
    }

    [Fact]
    public void NoMeterValues_IsRaisedPerTransaction_AndResolvedByTheNextOnes()
    {
        _options.HeartbeatAlarm = null;
        _state.Attach("gateway", 1, Noon);
        Start(7, 1, Noon);
        Start(8, 2, Noon.AddMinutes(10));
        _state.Meter(Energy(1, 7, 1), Noon.AddMinutes(5));
        Assert.Equal(Noon.AddMinutes(20), _state.DueAt(_options));

        _state.Look(_options, Noon.AddMinutes(20));
        var raised = Assert.Single(Alarms()).Data;
        Assert.Equal(("no_meter_values", 1, "warning"), (Text(raised, "alarmType"), raised.GetProperty("connectorId").GetInt32(), Text(raised, "severity")));
        Assert.Equal("Transaction 7 has had no meter values since 2026-02-06T12:05:00Z.", Text(raised, "message"));
        Assert.Equal(Noon.AddMinutes(25), _state.DueAt(_options));

        _state.Meter(Energy(1, 7, 1), Noon.AddMinutes(21)); // sent again: no news, and a sign that it measures
        Assert.Equal([EventTypes.AlarmTriggered, EventTypes.AlarmResolved], Alarms().Select(alarm => alarm.Type));
        Assert.Equal(Noon.AddMinutes(25), _state.DueAt(_options));
    }

    [Fact]
    public void NoMeterValues_TheTransactionEnds_IsResolvedAfterThat()
    {
        _state.Attach("gateway", 1, Noon);
        Start(7, 1, Noon);
        _state.Hear(Noon.AddMinutes(15));
        _state.Look(_options, Noon.AddMinutes(15));
        Start(8, 1, Noon.AddMinutes(16));

        Assert.Equal(
            [EventTypes.AlarmTriggered, EventTypes.TransactionStopped, EventTypes.AlarmResolved, EventTypes.TransactionStarted],
            _state.Outbox.Events.Skip(3).Select(e => e.Type));
    }

    [Fact]
    public void NoMeterValues_WhileOffline_IsNotJudged_AndCountsAnewFromTheConnection()
    {
        _options.OfflineAlarm = null;
        _options.HeartbeatAlarm = null;
        _state.Attach("gateway", 1, Noon);
        Start(7, 1, Noon);
        _state.Detach(DisconnectReason.Closed, Noon);
        Assert.Null(_state.DueAt(_options));
        _state.Attach("gateway", 2, Noon.AddHours(1));
        Assert.Equal(Noon.AddHours(1).AddMinutes(15), _state.DueAt(_options));
    }

    [Fact]
    public void Remove_WhileAlarmsAreOpen_ResolvesThemBeforeTheDeletion()
    {
        _state.Attach("gateway", 1, Noon);
        Start(7, 1, Noon);
        _state.Look(_options, Noon.AddHours(1));
        _state.JudgeClock(Noon.AddDays(1), false, _options, Noon);
        _state.Outbox.Clear();
        _state.Remove(Noon.AddHours(1));

        Assert.Equal(
            [EventTypes.TransactionStopped, EventTypes.AlarmResolved, EventTypes.AlarmResolved, EventTypes.AlarmResolved, EventTypes.ChargerDisconnected, EventTypes.ChargerDeleted],
            _state.Outbox.Events.Select(e => e.Type));
        Assert.Equal(["no_meter_values", "heartbeat_missed", "clock_wrong"], Alarms().Select(alarm => Text(alarm.Data, "alarmType")));
        Assert.Empty(_state.Alarms);
    }

    [Theory]
    [InlineData(6, 0, false, true)] // nothing comes from the future
    [InlineData(5, 0, false, false)]
    [InlineData(-5, 60, true, false)]
    [InlineData(-60, 0, true, false)] // what waited in the charger's queue
    [InlineData(-60, 60, false, false)]
    [InlineData(-60, 60, true, true)] // a change is told at the moment
    [InlineData(-60 * 24 * 365 * 5, 0, false, true)] // never set
    public void Clock_OffByMinutes_IsWrongOnlyWhenNothingElseExplainsIt(int minutes, int connectedFor, bool isChange, bool expected)
    {
        _state.Attach("gateway", 1, Noon.AddMinutes(-connectedFor));
        _state.JudgeClock(Noon.AddMinutes(minutes), isChange, _options, Noon);
        _state.JudgeClock(Noon.AddMinutes(minutes), isChange, _options, Noon);

        Assert.Equal(expected ? 1 : 0, Alarms().Count);
    }

    [Fact]
    public void Clock_RightAgain_IsResolved_AndNoTimeSaysNothing()
    {
        _state.Attach("gateway", 1, Noon);
        _state.JudgeClock(Noon.AddHours(2), false, _options, Noon);
        _state.JudgeClock(null, true, _options, Noon);
        Assert.Single(_state.Alarms);
        _state.JudgeClock(Noon, true, _options, Noon);

        Assert.Equal([EventTypes.AlarmTriggered, EventTypes.AlarmResolved], Alarms().Select(alarm => alarm.Type));
    }

    [Fact]
    public void Clock_TurnedOff_IsNeverJudged()
    {
        _options.ClockAlarm = null;
        _state.Attach("gateway", 1, Noon);
        _state.JudgeClock(Noon.AddHours(2), true, _options, Noon);
        Assert.Empty(_state.Alarms);
    }

    [Fact]
    public void Schedule_OfARowThatIsWritten_PutsTheTimeInIt()
    {
        _state.Attach("gateway", 1, Noon);
        _state.Schedule(_options);
        Assert.Equal(Noon.AddMinutes(11), _state.Outbox.Charger!.WatchAt);

        _state.Outbox.Clear();
        _state.Hear(Noon.AddMinutes(5));
        _state.Heartbeat(Noon.AddMinutes(5));
        _state.Schedule(_options);
        Assert.Equal(Noon.AddMinutes(16), _state.Outbox.Charger!.WatchAt); // a charger that beats is never looked at
    }

    [Fact]
    public void Schedule_WritesARowForAnEarlierTimeOnly()
    {
        _options.HeartbeatAlarm = TimeSpan.FromHours(1);
        _state.Attach("gateway", 1, Noon);
        _state.Schedule(_options);
        _state.Outbox.Clear();
        Start(7, 1, Noon.AddMinutes(1));
        _state.Schedule(_options);
        Assert.Equal(Noon.AddMinutes(16), _state.Outbox.Charger!.WatchAt);

        _state.Outbox.Clear();
        _state.Meter(Energy(1, 7, 1), Noon.AddMinutes(5));
        _state.Schedule(_options);
        Assert.Null(_state.Outbox.Charger);
    }

    [Fact]
    public void Schedule_WhatIsStillDueAfterALook_IsLeftAloneForAWhile()
    {
        _state.Attach("gateway", 1, Noon);
        _state.Schedule(_options, Noon.AddHours(1));
        Assert.Equal(Noon.AddHours(1), _state.Outbox.Charger!.WatchAt);
    }

    [Fact]
    public void LookFailures_InARow_WaitLongerEachTime()
    {
        var failures = new LookFailures<ChargeBoxId>();
        var charger = new ChargeBoxId("CP");
        failures.Add(charger, Noon);
        Assert.True(failures.IsWaiting(charger, Noon.AddSeconds(9)));
        Assert.False(failures.IsWaiting(charger, Noon.AddSeconds(10)));
        failures.Add(charger, Noon.AddSeconds(10));
        Assert.True(failures.IsWaiting(charger, Noon.AddSeconds(29)));
        Assert.Equal(1, failures.CountWaiting(Noon.AddSeconds(29)));
        Assert.Equal(0, failures.CountWaiting(Noon.AddSeconds(30)));
        failures.Forget(charger);
        failures.Add(charger, Noon);
        Assert.False(failures.IsWaiting(charger, Noon.AddSeconds(10)));
    }

    private void Start(int id, int connector, DateTimeOffset at) => _state.Start(id, new StartReport(connector, "A", 0, at), false, at);

    private static MeterReport Energy(int connector, int transaction, ulong hash) => new(connector, transaction, [], new MeterReading(100, null, null), hash);

    private List<(string Type, JsonElement Data)> Alarms() =>
        [.. _state.Outbox.Events.Where(e => e.Type.StartsWith("alarm.", StringComparison.Ordinal)).Select(e => (e.Type, JsonElement.Parse(e.Body).GetProperty("data")))];

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
