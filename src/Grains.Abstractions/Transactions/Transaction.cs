using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Transactions;

/// <summary>A charging session as lists show it; written in the commit that writes its events.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.transaction")]
public sealed record Transaction
{
    /// <summary>Chosen by the server: positive, unique for ever across all chargers (OCPP 1.6 §4.8).</summary>
    [Id(0)] public required int TransactionId { get; init; }

    /// <summary>Whose it is.</summary>
    [Id(1)] public required TenantId Tenant { get; init; }

    /// <summary>The charger.</summary>
    [Id(2)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>The connector; 0 when the charger did not say.</summary>
    [Id(3)] public required int ConnectorId { get; init; }

    /// <summary>As the charger sent it; empty for a transaction known only by its end.</summary>
    [Id(4)] public required string IdTag { get; init; }

    /// <summary>Wh.</summary>
    [Id(5)] public required long MeterStart { get; init; }

    /// <summary>When it began, as the charger's clock tells, or the time of receipt when that clock is plainly wrong.</summary>
    [Id(6)] public required DateTimeOffset StartTime { get; init; }

    /// <summary>Wh; null while open.</summary>
    [Id(7)] public long? MeterStop { get; init; }

    /// <summary>Null while open.</summary>
    [Id(8)] public DateTimeOffset? StopTime { get; init; }

    /// <summary>OCPP's word, such as <c>Local</c>; null while open.</summary>
    [Id(9)] public string? StopReason { get; init; }

    /// <summary>Wh; the last reading while open, null when there was none.</summary>
    [Id(10)] public long? MeterLast { get; init; }

    /// <summary>True when a remote start caused it.</summary>
    [Id(11)] public bool RemoteStarted { get; init; }

    /// <summary>kWh delivered so far or in all; null when unknown or when the meter ran backwards.</summary>
    public decimal? EnergyDelivered => (MeterStop ?? MeterLast) is { } meter && meter >= MeterStart ? (meter - MeterStart) / 1000m : null;
}
