using System.Text.Json;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Commands;

/// <summary>One of the API's commands: its path below the charger, the OCPP action behind it, and what its answer says. The body is OCPP's payload.</summary>
internal sealed record CommandSpec(string Path, string Action, string Name)
{
    /// <summary>The members of the request that the answer repeats, after OCPP's own names.</summary>
    public IReadOnlyList<string> Echo { get; init; } = [];

    /// <summary>What was asked for, in words that are followed by "accepted by charger".</summary>
    public Func<JsonElement, string>? Words { get; init; }

    public string Describe(JsonElement request) => Words?.Invoke(request) ?? Name;

    /// <summary>All that take nothing but OCPP's payload, in the order of the documentation.</summary>
    public static IReadOnlyList<CommandSpec> All { get; } =
    [
        new("reset", Ocpp16Actions.Reset, "Reset") { Echo = ["type"], Words = request => $"{Text(request, "type")} reset" },
        new("unlock", Ocpp16Actions.UnlockConnector, "Unlock") { Echo = ["connectorId"] },
        new("cache/clear", Ocpp16Actions.ClearCache, "Clearing of the cache"),
        new("trigger", Ocpp16Actions.TriggerMessage, "Trigger") { Echo = ["requestedMessage", "connectorId"] },
        new("trigger/extended", Ocpp16Actions.ExtendedTriggerMessage, "Trigger") { Echo = ["requestedMessage", "connectorId"] },
        new("availability", Ocpp16Actions.ChangeAvailability, "Change of availability") { Echo = ["connectorId", "type"] },
        new("configuration/get", Ocpp16Actions.GetConfiguration, "Reading of the configuration"),
        new("configuration/change", Ocpp16Actions.ChangeConfiguration, "Change of the configuration") { Echo = ["key"] },
        new("firmware/update", Ocpp16Actions.UpdateFirmware, "Firmware update"),
        new("firmware/update-signed", Ocpp16Actions.SignedUpdateFirmware, "Firmware update") { Echo = ["requestId"] },
        new("diagnostics", Ocpp16Actions.GetDiagnostics, "Upload of diagnostics"),
        new("log", Ocpp16Actions.GetLog, "Upload of the log") { Echo = ["requestId", "logType"] },
        new("data-transfer", Ocpp16Actions.DataTransfer, "Data") { Echo = ["vendorId", "messageId"] },
        new("local-list/version", Ocpp16Actions.GetLocalListVersion, "Reading of the local list's version"),
        new("charging-profiles", Ocpp16Actions.SetChargingProfile, "Charging profile") { Echo = ["connectorId"] },
        new("certificates", Ocpp16Actions.InstallCertificate, "Certificate") { Echo = ["certificateType"] },
        new("certificates/sign", Ocpp16Actions.CertificateSigned, "Signed certificate"),
    ];

    /// <summary>Takes the list too, or makes it of the tenant's tags.</summary>
    public static CommandSpec LocalList { get; } = new("local-list", Ocpp16Actions.SendLocalList, "Local list") { Echo = ["listVersion", "updateType"] };

    private static string Text(JsonElement request, string member) => request.TryGetProperty(member, out var value) ? value.ToString() : "";
}
