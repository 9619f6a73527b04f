using Capacitor.Chargers;

namespace Capacitor.Reports;

/// <summary>An event of a tenant's own, to be published.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.new-custom-event")]
public sealed record NewCustomEvent
{
    /// <summary>Its name, which begins with <see cref="Events.EventTypes.CustomPrefix"/>.</summary>
    [Id(0)] public required string Type { get; init; }

    /// <summary>A JSON object in UTF-8, without line breaks.</summary>
    [Id(1)] public required byte[] Data { get; init; }

    /// <summary>The charger it concerns, or <see cref="ChargeBoxId.None"/>.</summary>
    [Id(2)] public required ChargeBoxId ChargeBoxId { get; init; }
}

/// <summary>An event of a tenant's own that was published.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.custom-event")]
public sealed record CustomEvent([property: Id(0)] string Id, [property: Id(1)] DateTimeOffset At);
