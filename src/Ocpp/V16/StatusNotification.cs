using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A connector's status; connector 0 is the charger as a whole.</summary>
public sealed record StatusNotificationRequest : IPayload<StatusNotificationRequest>
{
    public int? ConnectorId { get; set; }

    /// <summary>One of <see cref="ConnectorErrorCodes"/>, or what the charger sent.</summary>
    public string? ErrorCode { get; set; }

    public string? Info { get; set; }

    /// <summary>One of <see cref="ConnectorStatuses"/>, or what the charger sent.</summary>
    public string? Status { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public string? VendorId { get; set; }

    public string? VendorErrorCode { get; set; }

    static Shape<StatusNotificationRequest> IPayload<StatusNotificationRequest>.Shape { get; } = new Shape<StatusNotificationRequest>(() => new())
        .Whole("connectorId", Need.Required, (m, v) => m.ConnectorId = v, min: 0)
        .Word("errorCode", ConnectorErrorCodes.Words, Need.Required, (m, v) => m.ErrorCode = v)
        .Text("info", 50, Need.Optional, (m, v) => m.Info = v)
        .Word("status", ConnectorStatuses.Words, Need.Required, (m, v) => m.Status = v)
        .Time("timestamp", Need.Optional, (m, v) => m.Timestamp = v)
        .Text("vendorId", 255, Need.Optional, (m, v) => m.VendorId = v)
        .Text("vendorErrorCode", 50, Need.Optional, (m, v) => m.VendorErrorCode = v);
}

/// <summary>Nothing but the answer itself.</summary>
public sealed record StatusNotificationResponse : IPayload<StatusNotificationResponse>
{
    static Shape<StatusNotificationResponse> IPayload<StatusNotificationResponse>.Shape { get; } = new(() => new());
}

/// <summary>The statuses of a connector.</summary>
public static class ConnectorStatuses
{
    public const string Available = "Available";
    public const string Preparing = "Preparing";
    public const string Charging = "Charging";
    public const string SuspendedEV = "SuspendedEV";
    public const string SuspendedEVSE = "SuspendedEVSE";
    public const string Finishing = "Finishing";
    public const string Reserved = "Reserved";
    public const string Unavailable = "Unavailable";
    public const string Faulted = "Faulted";

    public static WordSet Words { get; } =
        new(Available, Preparing, Charging, SuspendedEV, SuspendedEVSE, Finishing, Reserved, Unavailable, Faulted);
}

/// <summary>The error codes of a connector.</summary>
public static class ConnectorErrorCodes
{
    public const string ConnectorLockFailure = "ConnectorLockFailure";
    public const string EVCommunicationError = "EVCommunicationError";
    public const string GroundFailure = "GroundFailure";
    public const string HighTemperature = "HighTemperature";
    public const string InternalError = "InternalError";
    public const string LocalListConflict = "LocalListConflict";
    public const string NoError = "NoError";
    public const string OtherError = "OtherError";
    public const string OverCurrentFailure = "OverCurrentFailure";
    public const string OverVoltage = "OverVoltage";
    public const string PowerMeterFailure = "PowerMeterFailure";
    public const string PowerSwitchFailure = "PowerSwitchFailure";
    public const string ReaderFailure = "ReaderFailure";
    public const string ResetFailure = "ResetFailure";
    public const string UnderVoltage = "UnderVoltage";
    public const string WeakSignal = "WeakSignal";

    public static WordSet Words { get; } = new(
        NoError, ConnectorLockFailure, EVCommunicationError, GroundFailure, HighTemperature, InternalError, LocalListConflict, OtherError, OverCurrentFailure,
        OverVoltage, PowerMeterFailure, PowerSwitchFailure, ReaderFailure, ResetFailure, UnderVoltage, WeakSignal);
}
