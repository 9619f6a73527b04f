namespace Capacitor.Ocpp.V16;

/// <summary>The actions of OCPP 1.6 and its security white paper.</summary>
public static class Ocpp16Actions
{
    // From the charger.
    public const string Authorize = "Authorize";
    public const string BootNotification = "BootNotification";
    public const string DiagnosticsStatusNotification = "DiagnosticsStatusNotification";
    public const string FirmwareStatusNotification = "FirmwareStatusNotification";
    public const string Heartbeat = "Heartbeat";
    public const string LogStatusNotification = "LogStatusNotification";
    public const string MeterValues = "MeterValues";
    public const string SecurityEventNotification = "SecurityEventNotification";
    public const string SignCertificate = "SignCertificate";
    public const string SignedFirmwareStatusNotification = "SignedFirmwareStatusNotification";
    public const string StartTransaction = "StartTransaction";
    public const string StatusNotification = "StatusNotification";
    public const string StopTransaction = "StopTransaction";

    // Either way.
    public const string DataTransfer = "DataTransfer";

    // To the charger.
    public const string CancelReservation = "CancelReservation";
    public const string CertificateSigned = "CertificateSigned";
    public const string ChangeAvailability = "ChangeAvailability";
    public const string ChangeConfiguration = "ChangeConfiguration";
    public const string ClearCache = "ClearCache";
    public const string ClearChargingProfile = "ClearChargingProfile";
    public const string DeleteCertificate = "DeleteCertificate";
    public const string ExtendedTriggerMessage = "ExtendedTriggerMessage";
    public const string GetCompositeSchedule = "GetCompositeSchedule";
    public const string GetConfiguration = "GetConfiguration";
    public const string GetDiagnostics = "GetDiagnostics";
    public const string GetInstalledCertificateIds = "GetInstalledCertificateIds";
    public const string GetLocalListVersion = "GetLocalListVersion";
    public const string GetLog = "GetLog";
    public const string InstallCertificate = "InstallCertificate";
    public const string RemoteStartTransaction = "RemoteStartTransaction";
    public const string RemoteStopTransaction = "RemoteStopTransaction";
    public const string ReserveNow = "ReserveNow";
    public const string Reset = "Reset";
    public const string SendLocalList = "SendLocalList";
    public const string SetChargingProfile = "SetChargingProfile";
    public const string SignedUpdateFirmware = "SignedUpdateFirmware";
    public const string TriggerMessage = "TriggerMessage";
    public const string UnlockConnector = "UnlockConnector";
    public const string UpdateFirmware = "UpdateFirmware";

    /// <summary>What a charger may send.</summary>
    public static IReadOnlyList<string> FromCharger { get; } =
    [
        Authorize, BootNotification, DataTransfer, DiagnosticsStatusNotification, FirmwareStatusNotification, Heartbeat, LogStatusNotification, MeterValues,
        SecurityEventNotification, SignCertificate, SignedFirmwareStatusNotification, StartTransaction, StatusNotification, StopTransaction,
    ];

    /// <summary>What a charger may be sent.</summary>
    public static IReadOnlyList<string> ToCharger { get; } =
    [
        CancelReservation, CertificateSigned, ChangeAvailability, ChangeConfiguration, ClearCache, ClearChargingProfile, DataTransfer, DeleteCertificate,
        ExtendedTriggerMessage, GetCompositeSchedule, GetConfiguration, GetDiagnostics, GetInstalledCertificateIds, GetLocalListVersion, GetLog,
        InstallCertificate, RemoteStartTransaction, RemoteStopTransaction, ReserveNow, Reset, SendLocalList, SetChargingProfile, SignedUpdateFirmware,
        TriggerMessage, UnlockConnector, UpdateFirmware,
    ];

    /// <summary>Every action, once.</summary>
    public static IReadOnlyList<string> All { get; } = [.. FromCharger.Union(ToCharger)];
}
