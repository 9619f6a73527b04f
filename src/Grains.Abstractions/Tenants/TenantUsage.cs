namespace Capacitor.Tenants;

/// <summary>What a tenant may have, and what it has at this moment. A limit that is null does not exist.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.tenant-usage")]
public sealed record TenantUsage
{
    /// <summary>The tenant.</summary>
    [Id(0)] public required Tenant Tenant { get; init; }

    /// <summary>Chargers it may register.</summary>
    [Id(1)] public int? MostChargers { get; init; }

    /// <summary>API calls it may make each day.</summary>
    [Id(2)] public int? MostCallsPerDay { get; init; }

    /// <summary>Webhooks it may register.</summary>
    [Id(3)] public required int MostWebhooks { get; init; }

    /// <summary>Calls each of its keys may make per second for long.</summary>
    [Id(4)] public double? CallsPerSecond { get; init; }

    /// <summary>Calls each of its keys may make at once after a rest.</summary>
    [Id(5)] public int? CallsAtOnce { get; init; }

    /// <summary>Keys it may have.</summary>
    [Id(6)] public required int MostKeys { get; init; }

    /// <summary>How many days the log keeps a delivery that has ended.</summary>
    [Id(7)] public required int DeliveryLogDays { get; init; }

    /// <summary>Chargers it has.</summary>
    [Id(8)] public required int Chargers { get; init; }

    /// <summary>API calls of this day; after a crash a hundredth of the day's too many.</summary>
    [Id(9)] public required int CallsToday { get; init; }

    /// <summary>Webhooks it has.</summary>
    [Id(10)] public required int Webhooks { get; init; }

    /// <summary>Keys it has.</summary>
    [Id(11)] public required int Keys { get; init; }

    /// <summary>When the count of calls starts again: the next midnight UTC.</summary>
    [Id(12)] public required DateTimeOffset ResetsAt { get; init; }

    /// <summary>Id tags it may register.</summary>
    [Id(13)] public int? MostIdTags { get; init; }

    /// <summary>How many days the message log keeps what a charger said and was told.</summary>
    [Id(14)] public required int MessageLogDays { get; init; }

    /// <summary>Id tags it has.</summary>
    [Id(15)] public required int IdTags { get; init; }
}
