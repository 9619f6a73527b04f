using Capacitor.Tenants;

namespace Capacitor.Chargers;

/// <summary>A connector held for one tag (OCPP 1.6 §5.13).</summary>
[GenerateSerializer, Immutable, Alias("capacitor.reservation")]
public sealed record Reservation
{
    /// <summary>Positive, and never given out twice.</summary>
    [Id(0)] public required int ReservationId { get; init; }

    /// <summary>Whose charger it is.</summary>
    [Id(1)] public required TenantId Tenant { get; init; }

    /// <summary>The charger.</summary>
    [Id(2)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>The connector; 0: any of the charger.</summary>
    [Id(3)] public required int ConnectorId { get; init; }

    /// <summary>Who may charge.</summary>
    [Id(4)] public required string IdTag { get; init; }

    /// <summary>The group of tags that may charge; null: none.</summary>
    [Id(5)] public string? ParentIdTag { get; init; }

    /// <summary>When it ends by itself.</summary>
    [Id(6)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>One of <see cref="ReservationStates"/>.</summary>
    [Id(7)] public required string Status { get; init; }

    /// <summary>When it was asked for.</summary>
    [Id(8)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null while it is active.</summary>
    [Id(9)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The transaction that used it; null for others.</summary>
    [Id(10)] public int? TransactionId { get; init; }
}

/// <summary>How far a reservation has come. Stored, and the API's words.</summary>
public static class ReservationStates
{
    /// <summary>The charger holds the connector.</summary>
    public const string Active = "active";

    /// <summary>The transaction began that it was made for.</summary>
    public const string Used = "used";

    /// <summary>It was cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Its time was over.</summary>
    public const string Expired = "expired";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Active, Used, Cancelled, Expired];
}
