using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers;

/// <summary>A status as a charger reports it, whatever its protocol.</summary>
internal readonly record struct StatusReport(
    int ConnectorId, string Status, string ErrorCode, string? Info, string? VendorErrorCode, DateTimeOffset? Timestamp, string? VendorId = null);

/// <summary>The start of a transaction as a charger reports it. Meter in Wh.</summary>
internal readonly record struct StartReport(int ConnectorId, string IdTag, long MeterStart, DateTimeOffset? Timestamp);

/// <summary>The end of a transaction as a charger reports it. Meter in Wh; null when it did not say.</summary>
internal readonly record struct StopReport(int TransactionId, string? IdTag, long? MeterStop, DateTimeOffset? Timestamp, string Reason);

/// <summary>Meter values as a charger reports them. <paramref name="Hash"/> is that of the whole message, to know it again.</summary>
internal readonly record struct MeterReport(int ConnectorId, int? TransactionId, MeterValue[] Values, MeterReading Reading, ulong Hash);

/// <summary>Something that concerns a charger's security, as it reports it.</summary>
internal readonly record struct SecurityReport(string Type, string? TechInfo, DateTimeOffset? Timestamp);

/// <summary>How far a firmware update or an upload is, as a charger reports it.</summary>
/// <param name="RequestId">Of the request that started it; null when the charger does not say.</param>
[GenerateSerializer, Immutable, Alias("capacitor.state.charger.progress")]
internal sealed record ProgressReport([property: Id(0)] string Status, [property: Id(1)] int? RequestId);

/// <summary>A vendor's own message.</summary>
internal readonly record struct VendorData(string VendorId, string? MessageId, string? Data);
