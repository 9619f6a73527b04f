using System.Text.Json;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Octt;

/// <summary>Starting, stopping, resetting, unlocking, configuring and asking from afar.</summary>
internal static partial class OcttCases
{
    private static async Task RemoteStartAfterPlugAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await RemoteStartAsync(station);
        await station.AuthorizeAsync();
        await ChargeRemotelyAsync(station);
    }

    private static async Task RemoteStartBeforePlugAsync(OcttStation station)
    {
        await station.BeginAsync();
        await RemoteStartAsync(station);
        await station.AuthorizeAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await ChargeRemotelyAsync(station);
    }

    private static async Task RemoteStartWithoutPlugAsync(OcttStation station)
    {
        await station.BeginAsync();
        await RemoteStartAsync(station);
        await station.AuthorizeAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await station.StatusAsync(ConnectorStatuses.Available);
    }

    private static async Task RemoteStopAsync(OcttStation station)
    {
        await station.BeginAsync();
        var transaction = await station.ChargeAsync();
        var (call, _) = await station.CommandAtAsync("POST", $"/api/v1/transactions/{transaction}/stop", null, "RemoteStopTransaction");
        Expect("the transaction that is to stop", $"{transaction}", call.GetProperty("transactionId").GetRawText());
        await station.StopAsync(transaction, StopReasons.Remote);
        await station.StatusAsync(ConnectorStatuses.Finishing);
        await station.StatusAsync(ConnectorStatuses.Available);
    }

    private static Task RemoteStartRejectedAsync(OcttStation station) => station.BeginThenAsync(() =>
        station.RefusedCommandAsync("remote-start", new { connectorId = 1, idTag = OcttStation.Tag }, "RemoteStartTransaction", "Rejected"));

    // The API's own path knows that there is no such transaction; whoever insists takes the way past it.
    private static async Task RemoteStopRejectedAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.ChargeAsync();
        await station.RefusedCommandAsync(
            "call", new { action = "RemoteStopTransaction", payload = new { transactionId = int.MaxValue } }, "RemoteStopTransaction", "Rejected");
    }

    private static async Task ResetAsync(OcttStation station, string type)
    {
        await station.BeginAsync();
        await station.BootAsync();
        var (call, _) = await station.CommandAsync("reset", new { type }, "Reset");
        Expect("the reset's type", type, call.GetProperty("type").GetString());
        await station.ConnectAsync();
        await station.BootAsync();
    }

    private static async Task UnlockAsync(OcttStation station, string status)
    {
        await station.BeginAsync();
        if (status == UnlockStatuses.Unlocked)
        {
            await station.CommandAsync("unlock", new { connectorId = 1 }, "UnlockConnector", """{"status":"Unlocked"}""");
        }
        else
        {
            await station.RefusedCommandAsync("unlock", new { connectorId = 1 }, "UnlockConnector", status);
        }
    }

    private static async Task UnlockWhileChargingAsync(OcttStation station)
    {
        await station.BeginAsync();
        var transaction = await station.ChargeAsync();
        await station.CommandAsync("unlock", new { connectorId = 1 }, "UnlockConnector", """{"status":"Unlocked"}""");
        await station.StatusAsync(ConnectorStatuses.Finishing);
        await station.StopAsync(transaction, StopReasons.UnlockCommand);
        await station.StatusAsync(ConnectorStatuses.Available);
    }

    private static async Task AllSettingsAsync(OcttStation station)
    {
        await station.BeginAsync();
        var (call, told) = await station.CommandAsync(
            "configuration/get", new { }, "GetConfiguration",
            """{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"NumberOfConnectors","readonly":true,"value":"2"}],"unknownKey":[]}""");
        Expect(!call.TryGetProperty("key", out var keys) || keys.GetArrayLength() == 0, "not all settings were asked for");
        Expect("the number of settings that the API tells", "2", $"{told.GetProperty("configurationKey").GetArrayLength()}");
    }

    private static async Task OneSettingAsync(OcttStation station)
    {
        await station.BeginAsync();
        var (call, told) = await station.CommandAsync(
            "configuration/get", new { key = new[] { "SupportedFeatureProfiles" } }, "GetConfiguration",
            """{"configurationKey":[{"key":"SupportedFeatureProfiles","readonly":true,"value":"Core,RemoteTrigger"}]}""");
        Expect("what was asked for", """["SupportedFeatureProfiles"]""", call.GetProperty("key").GetRawText());
        Expect("the value that the API tells", "Core,RemoteTrigger", told.GetProperty("configurationKey")[0].GetProperty("value").GetString());
    }

    private static Task ChangeSettingAsync(OcttStation station) => station.BeginThenAsync(() =>
        station.CommandAsync("configuration/change", new { key = "MeterValueSampleInterval", value = "60" }, "ChangeConfiguration"));

    private static Task ChangeOtherSettingAsync(OcttStation station, string key, string value, string status) => station.BeginThenAsync(() =>
        station.RefusedCommandAsync("configuration/change", new { key, value }, "ChangeConfiguration", status));

    private static async Task TriggersAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.CommandAsync("trigger", new { requestedMessage = "MeterValues", connectorId = 1 }, "TriggerMessage");
        await station.SendAsync<MeterValuesResponse>(
            "MeterValues", new { connectorId = 1, meterValue = new[] { new { timestamp = "2025-01-31T12:00:00Z", sampledValue = new[] { new { value = "10" } } } } });
        await station.CommandAsync("trigger", new { requestedMessage = "Heartbeat" }, "TriggerMessage");
        await station.SendAsync<HeartbeatResponse>("Heartbeat", new { });
        await station.CommandAsync("trigger", new { requestedMessage = "StatusNotification", connectorId = 1 }, "TriggerMessage");
        await station.StatusAsync(ConnectorStatuses.Available);
        await station.CommandAsync("trigger", new { requestedMessage = "DiagnosticsStatusNotification" }, "TriggerMessage");
        await station.SendAsync<DiagnosticsStatusNotificationResponse>("DiagnosticsStatusNotification", new { status = "Idle" });
        await station.CommandAsync("trigger", new { requestedMessage = "FirmwareStatusNotification" }, "TriggerMessage");
        await station.SendAsync<FirmwareStatusNotificationResponse>("FirmwareStatusNotification", new { status = "Idle" });
    }

    private static async Task RemoteStartAsync(OcttStation station, object? chargingProfile = null)
    {
        object body = chargingProfile is null
            ? new { connectorId = 1, idTag = OcttStation.Tag }
            : new { connectorId = 1, idTag = OcttStation.Tag, chargingProfile };
        var (call, _) = await station.CommandAsync("remote-start", body, "RemoteStartTransaction");
        Expect("the tag that is to charge", OcttStation.Tag, call.GetProperty("idTag").GetString());
        Expect("the connector that is to charge", "1", call.GetProperty("connectorId").GetRawText());
        Expect(chargingProfile is null || call.TryGetProperty("chargingProfile", out _), "the limit did not go along");
    }

    private static async Task ChargeRemotelyAsync(OcttStation station)
    {
        var transaction = await station.StartAsync();
        await station.StatusAsync(ConnectorStatuses.Charging);
        var told = (await station.AskAsync("GET", $"/api/v1/transactions/{transaction}")).Json;
        Expect(told.GetProperty("remoteStarted").ValueKind == JsonValueKind.True, "the transaction is not linked to the remote start");
    }

    /// <summary>Connects a new charger, and goes on.</summary>
    private static async Task BeginThenAsync(this OcttStation station, Func<Task> next)
    {
        await station.BeginAsync();
        await next();
    }

    private static void Expect(bool holds, string otherwise) => OcttStation.Expect(holds, otherwise);

    private static void Expect(string what, string? expected, string? found) => OcttStation.Expect(what, expected, found);
}
