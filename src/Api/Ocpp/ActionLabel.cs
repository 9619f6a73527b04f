using System.Collections.Frozen;

namespace Capacitor.Api.Ocpp;

/// <summary>Actions as a metric's label.</summary>
internal static class ActionLabel
{
    private const string Other = "other";

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "Authorize", "BootNotification", "DataTransfer", "DiagnosticsStatusNotification", "FirmwareStatusNotification", "Heartbeat", "LogStatusNotification",
        "MeterValues", "SecurityEventNotification", "SignCertificate", "SignedFirmwareStatusNotification", "StartTransaction", "StatusNotification",
        "StopTransaction");

    public static string Of(string action) => Known.Contains(action) ? action : Other;
}
