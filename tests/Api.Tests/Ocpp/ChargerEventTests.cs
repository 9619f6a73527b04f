using System.Text.Json;
using Capacitor.Events;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>Each event of a charger, caused by what really causes it.</summary>
[Collection(EdgeCollection.Name)]
public sealed class ChargerEventTests(EdgeFixture edge)
{
    [Fact]
    public async Task RegisteredAndDeleted_AreTheFirstAndTheLastEvent()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        await StatusAsync(charger, 1, "Faulted", "GroundFailure");
        var start = await charger.CallAsync("StartTransaction", ChargerMessages.Start(1, "TAG", 0, TimeProvider.System.GetUtcNow()));
        Assert.False(start.IsError);

        using var deleted = await edge.Server.Http.DeleteAsync(new Uri($"/api/v1/chargers/{id}", UriKind.Relative));

        Assert.True(deleted.IsSuccessStatusCode);
        var events = await edge.EventsAsync(id);
        Assert.Equal(
            [
                EventTypes.ChargerRegistered, EventTypes.ChargerConnected, EventTypes.ConnectorStatusChanged, EventTypes.FaultDetected, EventTypes.ChargerStatusChanged,
                EventTypes.TransactionStarted, EventTypes.TransactionStopped, EventTypes.FaultCleared, EventTypes.ChargerDisconnected, EventTypes.ChargerStatusChanged,
                EventTypes.ChargerDeleted,
            ],
            events.Select(Type));
        Assert.Equal($$"""{"chargeBoxId":"{{id}}","name":null,"location":null}""", events[0].GetProperty("data").GetRawText());
        Assert.Equal(events[0].GetProperty("data").GetRawText(), events[^1].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task StatusOfTheWhole_FollowsTheConnectorsAndTheConnection()
    {
        var id = await edge.AddChargerAsync();
        await using (var charger = await edge.ConnectAsync(id))
        {
            await StatusAsync(charger, 0, "Available");
            await StatusAsync(charger, 1, "Available");
            await StatusAsync(charger, 1, "Preparing");
            await StatusAsync(charger, 1, "Charging");
            await StatusAsync(charger, 0, "Unavailable");
            await charger.CloseAsync();
        }

        await UntilAsync(id, EventTypes.ChargerDisconnected);
        var statuses = (await edge.EventsAsync(id, EventTypes.ChargerStatusChanged)).Select(e => e.GetProperty("data")).ToList();
        Assert.Equal(["Available", "Occupied", "Unavailable", "Offline"], statuses.Select(data => Text(data, "status")));
        Assert.Equal([null, "Available", "Occupied", "Unavailable"], statuses.Select(data => Text(data, "previousStatus")));
        Assert.Equal([true, true, true, false], statuses.Select(data => data.GetProperty("isOnline").GetBoolean()));
    }

    [Fact]
    public async Task Fault_IsDetectedAndCleared_AndRepeatsAreNoNews()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await edge.ConnectAsync(id);
        const string Fault = """{"connectorId":2,"errorCode":"HighTemperature","status":"Charging","info":"fan","vendorId":"Acme","vendorErrorCode":"E-17"}""";
        await charger.CallAsync("StatusNotification", Fault);
        await charger.CallAsync("StatusNotification", Fault);
        await StatusAsync(charger, 2, "Charging");

        var detected = await edge.OnlyEventAsync(id, EventTypes.FaultDetected);
        var cleared = await edge.OnlyEventAsync(id, EventTypes.FaultCleared);
        Assert.Equal(("HighTemperature", "fan", "Acme", "E-17"), (Text(detected, "errorCode"), Text(detected, "info"), Text(detected, "vendorId"), Text(detected, "vendorErrorCode")));
        Assert.Equal(2, detected.GetProperty("connectorId").GetInt32());
        Assert.Equal((Text(detected, "faultId"), "HighTemperature"), (Text(cleared, "faultId"), Text(cleared, "errorCode")));
        Assert.Equal(Text((await edge.EventsAsync(id, EventTypes.FaultDetected))[0], "timestamp"), Text(cleared, "detectedAt"));
    }

    [Fact]
    public async Task Rejected_WrongPasswordsInAFlood_AreToldOnce()
    {
        var id = await edge.AddChargerAsync(password: "the-right-password");
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var refused = await Assert.ThrowsAsync<HandshakeRefusedException>(() => FakeCharger.ConnectAsync(edge.Url, id, password: "a-wrong-password"));
            Assert.Equal(401, refused.Status);
        }

        Assert.Equal($$"""{"chargeBoxId":"{{id}}","reason":"password"}""", (await edge.OnlyEventAsync(id, EventTypes.ChargerConnectionRejected)).GetRawText());
    }

    [Fact]
    public async Task Rejected_NoCommonProtocol_IsTold()
    {
        var id = await edge.AddChargerAsync();
        await using var charger = await FakeCharger.ConnectAsync(edge.Url, id, protocols: []);
        await charger.WaitForCloseAsync();

        await UntilAsync(id, EventTypes.ChargerConnectionRejected);
        Assert.Equal("no_common_protocol", Text(await edge.OnlyEventAsync(id, EventTypes.ChargerConnectionRejected), "reason"));
    }

    [Fact]
    public async Task Rejected_UnknownCharger_IsNobodysEvent()
    {
        await Assert.ThrowsAsync<HandshakeRefusedException>(() => FakeCharger.ConnectAsync(edge.Url, "NOBODY-KNOWS-IT"));
        Assert.Empty(await edge.EventsAsync("NOBODY-KNOWS-IT"));
    }

    [Fact]
    public async Task SecurityEvents_AreAllTold()
    {
        var (id, charger) = await LiveAsync();
        await using var _ = charger;
        const string Tampered = """{"type":"TamperDetectionActivated","timestamp":"2026-11-20T10:00:00+01:00","techInfo":"lid"}""";
        Assert.Equal("{}", (await charger.CallAsync("SecurityEventNotification", Tampered)).Payload.GetRawText());
        await charger.CallAsync("SecurityEventNotification", """{"type":"TamperDetectionActivated","timestamp":"2026-11-20T10:00:01Z"}""");

        Assert.Equal(
            [
                $$"""{"chargeBoxId":"{{id}}","type":"TamperDetectionActivated","techInfo":"lid","reportedAt":"2026-11-20T09:00:00.000Z"}""",
                $$"""{"chargeBoxId":"{{id}}","type":"TamperDetectionActivated","techInfo":null,"reportedAt":"2026-11-20T10:00:01.000Z"}""",
            ],
            (await edge.EventsAsync(id, EventTypes.SecurityEventReported)).Select(e => e.GetProperty("data").GetRawText()));
    }

    [Fact]
    public async Task FirmwareAndDiagnostics_TellEachStepOnce()
    {
        var (id, charger) = await LiveAsync();
        await using var _ = charger;
        await charger.CallAsync("FirmwareStatusNotification", """{"status":"Downloading"}""");
        await charger.CallAsync("FirmwareStatusNotification", """{"status":"Downloading"}""");
        await charger.CallAsync("SignedFirmwareStatusNotification", """{"status":"SignatureVerified","requestId":7}""");
        await charger.CallAsync("DiagnosticsStatusNotification", """{"status":"Uploading"}""");
        await charger.CallAsync("DiagnosticsStatusNotification", """{"status":"Uploaded"}""");
        await charger.CallAsync("LogStatusNotification", """{"status":"Uploaded","requestId":8}""");

        Assert.Equal(
            [$$"""{"chargeBoxId":"{{id}}","status":"Downloading"}""", $$"""{"chargeBoxId":"{{id}}","status":"SignatureVerified","requestId":7}"""],
            (await edge.EventsAsync(id, EventTypes.FirmwareStatusChanged)).Select(e => e.GetProperty("data").GetRawText()));
        Assert.Equal(
            [
                $$"""{"chargeBoxId":"{{id}}","status":"Uploading"}""", $$"""{"chargeBoxId":"{{id}}","status":"Uploaded"}""",
                $$"""{"chargeBoxId":"{{id}}","status":"Uploaded","requestId":8}""",
            ],
            (await edge.EventsAsync(id, EventTypes.DiagnosticsStatusChanged)).Select(e => e.GetProperty("data").GetRawText()));
    }

    [Fact]
    public async Task DataTransfer_IsAcceptedAndTold()
    {
        var (id, charger) = await LiveAsync();
        await using var _ = charger;
        Assert.Equal("""{"status":"Accepted"}""", (await charger.CallAsync("DataTransfer", """{"vendorId":"com.acme","messageId":"selftest","data":"{\"a\":1}"}""")).Payload.GetRawText());
        await charger.CallAsync("DataTransfer", """{"vendorId":"com.acme"}""");

        Assert.Equal(
            [
                $$"""{"chargeBoxId":"{{id}}","vendorId":"com.acme","messageId":"selftest","data":"{\"a\":1}"}""",
                $$"""{"chargeBoxId":"{{id}}","vendorId":"com.acme","messageId":null,"data":null}""",
            ],
            (await edge.EventsAsync(id, EventTypes.ChargerDataReceived)).Select(e => e.GetProperty("data").GetRawText()));
    }

    [Fact]
    public async Task SignCertificate_IsAcceptedAndTold()
    {
        var (id, charger) = await LiveAsync();
        await using var _ = charger;
        Assert.Equal("""{"status":"Accepted"}""", (await charger.CallAsync("SignCertificate", """{"csr":"-----BEGIN CERTIFICATE REQUEST-----"}""")).Payload.GetRawText());

        Assert.Equal(
            $$"""{"chargeBoxId":"{{id}}","csr":"-----BEGIN CERTIFICATE REQUEST-----"}""",
            (await edge.OnlyEventAsync(id, EventTypes.ChargerCertificateRequested)).GetRawText());
    }

    [Fact]
    public async Task AnyMessage_SentAgainUnderItsId_IsToldOnce()
    {
        var (id, charger) = await LiveAsync();
        await using var _ = charger;
        for (var time = 0; time < 2; time++)
        {
            await charger.CallAsync("SecurityEventNotification", """{"type":"SettingSystemTime","timestamp":"2026-11-20T10:00:01Z"}""", "the-same");
        }

        await edge.OnlyEventAsync(id, EventTypes.SecurityEventReported);
    }

    [Fact]
    public async Task Clock_Wrong_IsAnAlarmUntilItIsRight()
    {
        var (id, charger) = await LiveAsync();
        await using var _ = charger;
        await StatusAsync(charger, 1, "Available", at: TimeProvider.System.GetUtcNow().AddHours(2));
        await StatusAsync(charger, 1, "Preparing", at: TimeProvider.System.GetUtcNow().AddHours(2));
        await StatusAsync(charger, 1, "Charging", at: TimeProvider.System.GetUtcNow());

        var triggered = await edge.OnlyEventAsync(id, EventTypes.AlarmTriggered);
        var resolved = await edge.OnlyEventAsync(id, EventTypes.AlarmResolved);
        Assert.Equal(("clock_wrong", "warning", id), (Text(triggered, "alarmType"), Text(triggered, "severity"), Text(triggered, "chargeBoxId")));
        Assert.Equal(Text(triggered, "alarmId"), Text(resolved, "alarmId"));
    }

    private async Task<(string Id, FakeCharger Charger)> LiveAsync()
    {
        var id = await edge.AddChargerAsync();
        return (id, await edge.ConnectAsync(id));
    }

    private async Task UntilAsync(string id, string type)
    {
        using var page = await edge.Server.Http.GetAsync(new Uri($"/api/v1/events?wait=20&chargeBoxId={id}&type={type}", UriKind.Relative));
        Assert.True(page.IsSuccessStatusCode);
    }

    private static Task<FakeAnswer> StatusAsync(FakeCharger charger, int connector, string status, string error = "NoError", DateTimeOffset? at = null) => charger.CallAsync(
        "StatusNotification", JsonSerializer.Serialize(new { connectorId = connector, errorCode = error, status, timestamp = at ?? TimeProvider.System.GetUtcNow() }));

    private static string? Type(JsonElement e) => e.GetProperty("event").GetString();

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
