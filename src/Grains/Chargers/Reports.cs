using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers;

/// <summary>A status as a charger reports it, whatever its protocol.</summary>
internal readonly record struct StatusReport(
    int ConnectorId, string Status, string ErrorCode, string? Info, string? VendorErrorCode, DateTimeOffset? Timestamp);

/// <summary>The start of a transaction as a charger reports it. Meter in Wh.</summary>
internal readonly record struct StartReport(int ConnectorId, string IdTag, long MeterStart, DateTimeOffset? Timestamp);

/// <summary>The end of a transaction as a charger reports it. Meter in Wh; null when it did not say.</summary>
internal readonly record struct StopReport(int TransactionId, string? IdTag, long? MeterStop, DateTimeOffset? Timestamp, string Reason);

/// <summary>Meter values as a charger reports them. <paramref name="Hash"/> is that of the whole message, to know it again.</summary>
internal readonly record struct MeterReport(int ConnectorId, int? TransactionId, MeterValue[] Values, MeterReading Reading, ulong Hash);
