using Capacitor.Tenants;

namespace Capacitor.Chargers;

/// <summary>A charging profile that a charger has taken (OCPP 1.6 §5.16), as far as this server was told: it may have forgotten it since.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.installed-profile")]
public sealed record InstalledProfile
{
    /// <summary>Whose charger it is.</summary>
    [Id(0)] public required TenantId Tenant { get; init; }

    /// <summary>The charger.</summary>
    [Id(1)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>The connector; 0: the charger as a whole.</summary>
    [Id(2)] public required int ConnectorId { get; init; }

    /// <summary>The sender's name for it, unique at its charger.</summary>
    [Id(3)] public required int ChargingProfileId { get; init; }

    /// <summary>OCPP's word, such as <c>TxDefaultProfile</c>.</summary>
    [Id(4)] public required string Purpose { get; init; }

    /// <summary>Which of several profiles wins: the highest.</summary>
    [Id(5)] public required int StackLevel { get; init; }

    /// <summary>The transaction that it is for; null: any.</summary>
    [Id(6)] public int? TransactionId { get; init; }

    /// <summary>The profile's JSON in UTF-8, as the charger got it.</summary>
    [Id(7)] public required byte[] Profile { get; init; }

    /// <summary>When the charger took it.</summary>
    [Id(8)] public required DateTimeOffset AppliedAt { get; init; }
}
