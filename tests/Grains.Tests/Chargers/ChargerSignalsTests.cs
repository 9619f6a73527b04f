using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers;
using Capacitor.Tenants;
using Xunit;

namespace Capacitor.Grains.Tests.Chargers;

/// <summary>What is told of a charger besides its connections and transactions.</summary>
public sealed class ChargerSignalsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);
    private readonly ChargerState _state = new();

    public ChargerSignalsTests()
    {
        _state.Register(new TenantId("acme"), new NewCharger { ChargeBoxId = new ChargeBoxId("CP"), Name = "Bay 1" }, Noon);
        _state.Attach("gateway", 1, Noon);
    }

    [Fact]
    public void Register_IsTheFirstEvent() => Assert.Equal(
        """{"event":"charger.registered","timestamp":"2026-02-06T12:00:00.000Z","data":{"chargeBoxId":"CP","name":"Bay 1","location":null}}""",
        System.Text.Encoding.UTF8.GetString(_state.Outbox.Events[0].Body));

    [Theory]
    [InlineData("Available", "1 Available")]
    [InlineData("Occupied", "1 Available", "2 Preparing")]
    [InlineData("Occupied", "1 SuspendedEV")]
    [InlineData("Occupied", "1 OutOfOrderAsTheVendorSays")]
    [InlineData("Reserved", "1 Reserved", "2 Available")]
    [InlineData("Available", "1 Unavailable", "2 Available")]
    [InlineData("Unavailable", "1 Unavailable", "2 Unavailable")]
    [InlineData("Faulted", "1 Charging", "2 Faulted")]
    [InlineData("Faulted", "1 Available", "0 Faulted")]
    [InlineData("Unavailable", "1 Charging", "0 Unavailable")]
    [InlineData("Occupied", "0 Available", "1 Charging")]
    [InlineData("Available", "0 Available")]
    public void Status_OfTheWhole_IsTheMostTellingOfItsConnectors(string expected, params string[] reports)
    {
        foreach (var report in reports)
        {
            Report(int.Parse(report[..1], null), report[2..]);
        }

        Assert.Equal(expected, Data(EventTypes.ChargerStatusChanged)[^1].GetProperty("status").GetString());
    }

    [Fact]
    public void Status_TheSameOfTheWhole_IsToldOnce()
    {
        Report(1, "Preparing");
        Report(1, "Charging");
        Report(2, "Available");
        Report(1, "Finishing");

        var told = Assert.Single(Data(EventTypes.ChargerStatusChanged));
        Assert.Equal("""{"chargeBoxId":"CP","status":"Occupied","previousStatus":null,"isOnline":true}""", told.GetRawText());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(256)]
    public void Status_OfAConnectorThatCannotBe_IsNoNewsAndGrowsNothing(int connector)
    {
        var told = _state.Outbox.Events.Count;

        Assert.False(_state.Report(new StatusReport(connector, "Faulted", "GroundFailure", null, null, Noon), Noon));

        Assert.Empty(_state.ListConnectors());
        Assert.Equal(told, _state.Outbox.Events.Count);
    }

    [Fact]
    public void Status_Disconnected_IsOfflineUntilItIsBack()
    {
        Report(1, "Available");
        _state.Attach("other", 1, Noon); // a take-over: it was never gone
        _state.Detach(DisconnectReason.Closed, Noon);
        _state.Attach("gateway", 2, Noon);

        Assert.Equal(
            [("Available", null, true), ("Offline", "Available", false), ("Available", "Offline", true)],
            Data(EventTypes.ChargerStatusChanged).Select(data => (Text(data, "status"), Text(data, "previousStatus"), data.GetProperty("isOnline").GetBoolean())));
    }

    [Fact]
    public void Fault_WithItsDetails_IsToldWhenItComesAndWhenItGoes()
    {
        _state.Report(new StatusReport(1, "Faulted", "OtherError", "door open", "E7", Noon, "com.acme"), Noon);
        Report(1, "Available", at: Noon.AddMinutes(5));

        var id = Assert.Single(Data(EventTypes.FaultDetected)).GetProperty("faultId").GetString();
        Assert.StartsWith("flt_", id, StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"faultId":"{{id}}","chargeBoxId":"CP","connectorId":1,"errorCode":"OtherError","info":"door open","vendorId":"com.acme","vendorErrorCode":"E7"}""",
            Data(EventTypes.FaultDetected)[0].GetRawText());
        Assert.Equal(
            $$"""{"faultId":"{{id}}","chargeBoxId":"CP","connectorId":1,"errorCode":"OtherError","detectedAt":"2026-02-06T12:00:00.000Z"}""",
            Assert.Single(Data(EventTypes.FaultCleared)).GetRawText());
        Assert.Empty(_state.Faults);
    }

    [Fact]
    public void Fault_SaidAgain_IsToldOnce_EvenAcrossConnections()
    {
        Report(1, "Faulted", "GroundFailure");
        Report(1, "Faulted", "GroundFailure");
        _state.Detach(DisconnectReason.Closed, Noon);
        _state.Attach("gateway", 2, Noon);
        Report(1, "Faulted", "GroundFailure");
        Report(1, "Charging", "GroundFailure"); // an error that does not keep it from charging

        Assert.Single(Data(EventTypes.FaultDetected));
        Assert.Empty(Data(EventTypes.FaultCleared));
    }

    [Fact]
    public void Fault_AnotherErrorCode_ClearsTheOneBeforeFirst()
    {
        Report(1, "Faulted", "GroundFailure");
        Report(1, "Faulted", "HighTemperature");

        Assert.Equal(
            [EventTypes.FaultDetected, EventTypes.FaultCleared, EventTypes.FaultDetected],
            _state.Outbox.Events.Select(e => e.Type).Where(type => type.StartsWith("fault.", StringComparison.Ordinal)));
        Assert.Equal("GroundFailure", Text(Data(EventTypes.FaultCleared)[0], "errorCode"));
    }

    [Fact]
    public void Fault_OfEachConnector_IsItsOwn()
    {
        Report(0, "Faulted", "PowerMeterFailure");
        Report(1, "Available", "WeakSignal");
        Report(1, "Available");

        Assert.Equal([0, 1], Data(EventTypes.FaultDetected).Select(data => data.GetProperty("connectorId").GetInt32()));
        Assert.Equal(0, Assert.Single(_state.Faults).ConnectorId);
    }

    [Fact]
    public void Fault_FaultedWithoutACode_IsOne()
    {
        Report(1, "Faulted");
        Report(1, "Preparing");

        Assert.Equal("NoError", Text(Assert.Single(Data(EventTypes.FaultDetected)), "errorCode"));
        Assert.Single(Data(EventTypes.FaultCleared));
    }

    [Fact]
    public void Remove_WhileFaulted_ClearsFirst_AndTellsOfTheDeletionLast()
    {
        Report(1, "Faulted", "GroundFailure");
        _state.Outbox.Clear();
        _state.Remove(Noon);

        Assert.Equal(
            [EventTypes.FaultCleared, EventTypes.ChargerDisconnected, EventTypes.ChargerStatusChanged, EventTypes.ChargerDeleted],
            _state.Outbox.Events.Select(e => e.Type));
        Assert.Equal("""{"chargeBoxId":"CP","name":"Bay 1","location":null}""", Data(EventTypes.ChargerDeleted)[0].GetRawText());
    }

    [Fact]
    public void Register_AfterRemoval_BeginsWithNothingKnown()
    {
        Report(1, "Faulted", "GroundFailure");
        _state.ReportFirmware(new ProgressReport("Installed", null), Noon);
        _state.Remove(Noon);
        _state.Register(new TenantId("acme"), new NewCharger { ChargeBoxId = new ChargeBoxId("CP") }, Noon);
        _state.Attach("gateway", 3, Noon);
        _state.Outbox.Clear();
        Report(1, "Available");
        _state.ReportFirmware(new ProgressReport("Installed", null), Noon);

        Assert.Equal("""{"chargeBoxId":"CP","status":"Available","previousStatus":null,"isOnline":true}""", Data(EventTypes.ChargerStatusChanged)[0].GetRawText());
        Assert.Single(Data(EventTypes.FirmwareStatusChanged));
        Assert.Empty(Data(EventTypes.FaultCleared));
    }

    [Fact]
    public void Progress_EqualInARow_IsNoNews()
    {
        foreach (var status in new[] { "Downloading", "Downloading", "Downloaded", "Downloading" })
        {
            _state.ReportFirmware(new ProgressReport(status, null), Noon);
        }

        _state.ReportFirmware(new ProgressReport("Downloading", 4), Noon);
        _state.ReportDiagnostics(new ProgressReport("Uploading", 4), Noon);
        _state.ReportDiagnostics(new ProgressReport("Uploading", 4), Noon);

        Assert.Equal(
            ["""{"chargeBoxId":"CP","status":"Downloading"}""", """{"chargeBoxId":"CP","status":"Downloaded"}""", """{"chargeBoxId":"CP","status":"Downloading"}""", """{"chargeBoxId":"CP","status":"Downloading","requestId":4}"""],
            Data(EventTypes.FirmwareStatusChanged).Select(data => data.GetRawText()));
        Assert.Single(Data(EventTypes.DiagnosticsStatusChanged));
    }

    [Fact]
    public void SecurityEvent_EachOne_IsNews_WithATimeThatCanBeBelieved()
    {
        _state.Report(new SecurityReport("TamperDetectionActivated", null, Noon.AddMinutes(-1)), Noon);
        _state.Report(new SecurityReport("TamperDetectionActivated", null, DateTimeOffset.UnixEpoch), Noon);

        Assert.Equal(["2026-02-06T11:59:00.000Z", "2026-02-06T12:00:00.000Z"], Data(EventTypes.SecurityEventReported).Select(data => Text(data, "reportedAt")));
    }

    [Fact]
    public void Rejections_ManyOfAReason_AreToldOnceAMinuteWithWhatWasLeftOut()
    {
        var rejections = new Rejections();

        Assert.Equal(0, rejections.Tell(AdmissionRefusal.Password, Noon));
        Assert.Null(rejections.Tell(AdmissionRefusal.Password, Noon.AddSeconds(30)));
        Assert.Null(rejections.Tell(AdmissionRefusal.Password, Noon.AddSeconds(59)));
        Assert.Equal(0, rejections.Tell(AdmissionRefusal.NoCertificate, Noon.AddSeconds(59)));
        Assert.Equal(2, rejections.Tell(AdmissionRefusal.Password, Noon.AddSeconds(60)));
        rejections.Miss(AdmissionRefusal.Password, 2);
        Assert.Equal(3, rejections.Tell(AdmissionRefusal.Password, Noon.AddSeconds(120)));
        Assert.Equal(0, rejections.Tell(AdmissionRefusal.Password, Noon.AddSeconds(180)));
    }

    private void Report(int connector, string status, string error = "NoError", DateTimeOffset? at = null) =>
        _state.Report(new StatusReport(connector, status, error, null, null, at ?? Noon), at ?? Noon);

    private List<JsonElement> Data(string type) =>
        [.. _state.Outbox.Events.Where(e => e.Type == type).Select(e => JsonElement.Parse(e.Body).GetProperty("data"))];

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
