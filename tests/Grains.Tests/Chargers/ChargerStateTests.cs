using System.Text;
using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.Ocpp.V16;
using Capacitor.Tenants;
using Xunit;

namespace Capacitor.Grains.Tests.Chargers;

public class ChargerStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);
    private readonly ChargerState _state = Registered();

    [Fact]
    public void Attach_First_TellsOfTheConnectionWithTheDocumentedBody()
    {
        _state.Attach("gateway", 1, Noon);

        Assert.Equal("""{"event":"charger.connected","timestamp":"2026-02-06T12:00:00.000Z","data":{"chargeBoxId":"CHARGER-001"}}""", Body(Assert.Single(_state.Outbox.Events)));
        Assert.True(_state.Outbox.Charger!.IsOnline);
    }

    [Fact]
    public void Attach_WhileAttached_TellsOfNoDisconnection()
    {
        var first = _state.Attach("gateway", 1, Noon);
        var second = _state.Attach("gateway", 1, Noon);

        Assert.Equal([EventTypes.ChargerConnected, EventTypes.ChargerConnected], Types());
        Assert.False(_state.IsCurrent(first));
        Assert.True(_state.IsCurrent(second));
        Assert.NotEqual(_state.Outbox.Events[0].Id, _state.Outbox.Events[1].Id);
    }

    [Fact]
    public void Detach_Twice_TellsOnce()
    {
        _state.Attach("gateway", 1, Noon);
        _state.Detach(DisconnectReason.TimedOut, Noon.AddMinutes(1));
        _state.Detach(DisconnectReason.Closed, Noon.AddMinutes(2));

        Assert.Equal([EventTypes.ChargerConnected, EventTypes.ChargerDisconnected], Types());
        Assert.Contains("\"reason\":\"timeout\",\"connectedAt\":\"2026-02-06T12:00:00.000Z\"", Body(_state.Outbox.Events[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_SameStatusAgain_IsNoNews()
    {
        _state.Report(Status("Available"), Noon);
        _state.Report(Status("Available"), Noon);

        Assert.Single(Changes());
    }

    [Theory]
    [InlineData("Faulted", "NoError", null, null)]
    [InlineData("Available", "GroundFailure", null, null)]
    [InlineData("Available", "NoError", "door open", null)]
    [InlineData("Available", "NoError", null, "E7")]
    public void Report_AnythingElseDiffers_IsNewsAndNamesTheStatusBefore(string status, string error, string? info, string? vendorError)
    {
        _state.Report(Status("Available"), Noon);
        _state.Report(new StatusReport(1, status, error, info, vendorError, Noon), Noon);

        Assert.Equal("Available", Data(Changes()[1]).GetProperty("previousStatus").GetString());
    }

    [Fact]
    public void Report_OlderTimestampThanStored_IsTakenAllTheSame()
    {
        _state.Report(Status("Available"), Noon);
        _state.Report(Status("Charging") with { Timestamp = Noon.AddYears(-56) }, Noon);

        Assert.Equal("Charging", Assert.Single(_state.ListConnectors()).Status);
        Assert.Equal("2026-02-06T12:00:00.000Z", Data(Changes()[1]).GetProperty("statusTime").GetString());
    }

    [Fact]
    public void Start_New_HasTheDocumentedBody()
    {
        _state.Start(12345, new StartReport(1, "USER001", 0, Noon), false, Noon);

        Assert.Equal(
            """{"event":"transaction.started","timestamp":"2026-02-06T12:00:00.000Z","data":{"transactionId":12345,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","meterStart":0}}""",
            Body(Assert.Single(_state.Outbox.Events)));
    }

    [Theory]
    [InlineData("user001")]
    [InlineData("USER001")]
    public void FindRepeatedStart_SameStartInAnyCase_IsTheSameTransaction(string tag)
    {
        _state.Start(7, new StartReport(1, "USER001", 0, Noon), false, Noon);

        Assert.Equal(7, _state.FindRepeatedStart(new StartReport(1, tag, 0, Noon), Noon.AddDays(2)));
    }

    [Fact]
    public void FindRepeatedStart_AfterItEnded_IsStillTheSameTransaction()
    {
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.TryStop(new StopReport(7, "A", 10, Noon.AddHours(1), "Local"), Noon);

        Assert.Equal(7, _state.FindRepeatedStart(new StartReport(1, "A", 0, Noon), Noon.AddDays(2)));
    }

    [Fact]
    public void FindRepeatedStart_ChargerWithoutClock_IsARepeatOnlyWithinTheRetryWindow()
    {
        var epoch = DateTimeOffset.UnixEpoch;
        _state.Start(7, new StartReport(1, "A", 0, epoch), false, Noon);
        _state.TryStop(new StopReport(7, "A", 10, epoch, "Local"), Noon);

        Assert.Equal(7, _state.FindRepeatedStart(new StartReport(1, "A", 0, epoch), Noon.AddMinutes(5)));
        Assert.Null(_state.FindRepeatedStart(new StartReport(1, "A", 0, epoch), Noon.AddMinutes(11)));
    }

    [Fact]
    public void Start_OnABusyConnector_SupersedesWhatWasOpen()
    {
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.Start(8, new StartReport(1, "B", 500, Noon.AddHours(1)), false, Noon);

        Assert.Equal([EventTypes.TransactionStarted, EventTypes.TransactionStopped, EventTypes.TransactionStarted], Types());
        Assert.Equal("Superseded", Data(_state.Outbox.Events[1]).GetProperty("stopReason").GetString());
        Assert.Equal(8, Assert.Single(_state.Open).Id);
    }

    [Fact]
    public void TryStop_OfASupersededOne_CorrectsTheRecordAndNeverTouchesTheNewer()
    {
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.Start(8, new StartReport(1, "B", 500, Noon.AddHours(1)), false, Noon);
        _state.Outbox.Clear();

        Assert.True(_state.TryStop(new StopReport(7, "A", 400, Noon.AddMinutes(30), "EVDisconnected"), Noon));

        Assert.Empty(_state.Outbox.Events);
        var row = Assert.Single(_state.Outbox.Transactions);
        Assert.Equal((7, 400L, "EVDisconnected"), (row.TransactionId, row.MeterStop, row.StopReason));
        Assert.Equal(8, Assert.Single(_state.Open).Id);
    }

    [Fact]
    public void TryStop_Repeated_TellsOnce()
    {
        _state.Start(7, new StartReport(1, "A", 1000, Noon), false, Noon);
        var stop = new StopReport(7, "A", 15000, Noon.AddMinutes(45), "Local");

        Assert.True(_state.TryStop(stop, Noon.AddMinutes(45)));
        Assert.True(_state.TryStop(stop, Noon.AddMinutes(46)));

        var stopped = Data(_state.Outbox.Events[1]);
        Assert.Equal(2, _state.Outbox.Events.Count);
        Assert.Equal(14.0m, stopped.GetProperty("energyDelivered").GetDecimal());
        Assert.Equal(45, stopped.GetProperty("durationMinutes").GetInt32());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(-16)]
    public void TryStop_WithoutAnId_MeansTheTransactionOfTheTag(int id)
    {
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.Start(8, new StartReport(2, "B", 0, Noon), false, Noon);
        var stop = new StopReport(id, "b", 10, Noon.AddHours(1), "Local");

        Assert.True(_state.TryStop(stop, Noon));
        Assert.True(_state.TryStop(stop, Noon));

        Assert.Equal(8, Data(Assert.Single(_state.Outbox.Events, e => e.Type == EventTypes.TransactionStopped)).GetProperty("transactionId").GetInt32());
        Assert.Equal(7, Assert.Single(_state.Open).Id);
    }

    [Fact]
    public void TryStop_Unknown_IsNotFoundAndIsRecordedOnce()
    {
        var stop = new StopReport(4711, "A", 900, Noon, "Local");

        Assert.False(_state.TryStop(stop, Noon));
        _state.RecordOrphan(9, stop, 300, Noon);
        Assert.True(_state.TryStop(stop, Noon));

        Assert.Equal(9, Data(Assert.Single(_state.Outbox.Events)).GetProperty("transactionId").GetInt32());
    }

    [Fact]
    public void TryStop_MeterRanBackwards_HasNoEnergy()
    {
        _state.Start(7, new StartReport(1, "A", 5000, Noon), false, Noon);
        _state.TryStop(new StopReport(7, "A", 12, Noon.AddHours(1), "Local"), Noon);

        Assert.Equal(JsonValueKind.Null, Data(_state.Outbox.Events[1]).GetProperty("energyDelivered").ValueKind);
    }

    [Fact]
    public void Meter_SameMessageAgain_IsNoNews()
    {
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.Meter(Energy(1, 7, 250, hash: 1), Noon);
        _state.Meter(Energy(1, 7, 250, hash: 1), Noon);

        Assert.Equal([EventTypes.TransactionStarted, EventTypes.TransactionUpdated], Types());
        Assert.Equal(0.25m, Data(_state.Outbox.Events[1]).GetProperty("energyDelivered").GetDecimal());
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(1, -1)]
    [InlineData(0, null)]
    public void Meter_WithoutAnId_IsBoundByConnector(int connector, int? id)
    {
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.Meter(Energy(connector, id, 250, hash: 1), Noon);

        Assert.Equal(7, Data(_state.Outbox.Events[1]).GetProperty("transactionId").GetInt32());
    }

    [Fact]
    public void Meter_AfterTheStop_IsToldAsLateOnce()
    {
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.TryStop(new StopReport(7, "A", 300, Noon.AddHours(1), "Local"), Noon);
        _state.Meter(Energy(1, 7, 300, hash: 5), Noon);
        _state.Meter(Energy(1, 7, 300, hash: 5), Noon);

        Assert.Equal([EventTypes.TransactionStarted, EventTypes.TransactionStopped, EventTypes.TransactionUpdated], Types());
        Assert.True(Data(_state.Outbox.Events[2]).GetProperty("late").GetBoolean());
    }

    [Fact]
    public void Meter_WithoutTransaction_ChangesNothing()
    {
        _state.Outbox.Clear();
        _state.Meter(Energy(1, null, 250, hash: 1), Noon);

        Assert.False(_state.HasChanges);
    }

    [Fact]
    public void Events_WhateverTheMessageIds_NeverShareAnId()
    {
        _state.Attach("gateway", 1, Noon);
        foreach (var status in (string[])["Available", "Preparing", "Available", "Preparing"])
        {
            _state.Report(Status(status), Noon);
        }

        Assert.Equal(9, _state.Outbox.Events.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public void Report_ConnectorsWithoutEnd_DoNotGrowTheState()
    {
        for (var connector = 0; connector < 1000; connector++)
        {
            _state.Report(Status("Available") with { ConnectorId = connector }, Noon);
        }

        Assert.Equal(256, _state.Connectors.Count);
    }

    [Fact]
    public void Remove_EndsWhatGoesOnAndForgetsTheCharger()
    {
        var epoch = _state.Attach("gateway", 1, Noon);
        _state.Start(7, new StartReport(1, "A", 0, Noon), false, Noon);
        _state.Remove(Noon.AddHours(1));

        Assert.Equal(
            [EventTypes.ChargerConnected, EventTypes.TransactionStarted, EventTypes.TransactionStopped, EventTypes.ChargerDisconnected, EventTypes.ChargerDeleted], Types());
        Assert.Equal("CHARGER-001", _state.Outbox.RemovedCharger!.Value.Value);
        Assert.False(_state.IsCurrent(epoch));
        _state.Register(new TenantId("other"), new NewCharger { ChargeBoxId = new ChargeBoxId("CHARGER-001") }, Noon);
        Assert.True(_state.Attach("gateway", 1, Noon) > epoch);
    }

    [Fact]
    public void Heartbeat_OftenRepeated_IsCommittedOnlyNowAndThen()
    {
        _state.Outbox.Clear();
        _state.Heartbeat(Noon);
        Assert.True(_state.HasChanges);
        _state.Outbox.Clear();
        _state.Heartbeat(Noon.AddSeconds(29));
        Assert.False(_state.HasChanges);
        _state.Heartbeat(Noon.AddSeconds(30));
        Assert.True(_state.HasChanges);
    }

    private static ChargerState Registered()
    {
        var state = new ChargerState();
        state.Register(new TenantId("acme"), new NewCharger { ChargeBoxId = new ChargeBoxId("CHARGER-001") }, Noon);
        state.Outbox.Clear();
        return state;
    }

    private static StatusReport Status(string status) => new(1, status, "NoError", null, null, Noon);

    private static MeterReport Energy(int connector, int? transaction, long wh, ulong hash) => new(connector, transaction, [], new MeterReading(wh, null, null), hash);

    private List<NewEvent> Changes() => [.. _state.Outbox.Events.Where(e => e.Type == EventTypes.ConnectorStatusChanged)];

    private IEnumerable<string> Types() => _state.Outbox.Events.Select(e => e.Type);

    private static string Body(NewEvent e) => Encoding.UTF8.GetString(e.Body);

    private static JsonElement Data(NewEvent e) => JsonDocument.Parse(e.Body).RootElement.GetProperty("data");
}
