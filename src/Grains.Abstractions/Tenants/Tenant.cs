using Capacitor.IdTags;

namespace Capacitor.Tenants;

/// <summary>A company that runs chargers.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.tenant")]
public sealed record Tenant
{
    /// <summary>Names the tenant.</summary>
    [Id(0)] public required TenantId Id { get; init; }

    /// <summary>What people call it.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Decides limits and access.</summary>
    [Id(2)] public required Tier Tier { get; init; }

    /// <summary>A suspended tenant's requests are refused and its webhooks rest.</summary>
    [Id(3)] public required bool Suspended { get; init; }

    /// <summary>When it was made.</summary>
    [Id(4)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What is done with id tags that are not registered.</summary>
    [Id(5)] public UnknownIdTagPolicy UnknownIdTagPolicy { get; init; }
}

/// <summary>A change to a tenant; what is null stays as it is.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.tenant-patch")]
public sealed record TenantPatch
{
    /// <summary>A new name.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>A new tier.</summary>
    [Id(1)] public Tier? Tier { get; init; }

    /// <summary>Suspends or resumes.</summary>
    [Id(2)] public bool? Suspended { get; init; }

    /// <summary>What is to be done with id tags that are not registered.</summary>
    [Id(3)] public UnknownIdTagPolicy? UnknownIdTagPolicy { get; init; }
}

/// <summary>An API key as it may be shown: never the key itself.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.api-key")]
public sealed record ApiKey
{
    /// <summary><c>key_…</c></summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The first characters, to tell keys apart: <c>cap_live_abc1****</c>.</summary>
    [Id(2)] public required string Prefix { get; init; }

    /// <summary>When it was made.</summary>
    [Id(3)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used, to the minute or so; null when never.</summary>
    [Id(4)] public DateTimeOffset? LastUsed { get; init; }
}

/// <summary>A new API key, with the secret that is shown this once.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.created-api-key")]
public sealed record CreatedApiKey
{
    /// <summary>The key as it may be shown from now on.</summary>
    [Id(0)] public required ApiKey Info { get; init; }

    /// <summary><c>cap_live_…</c>; only its SHA-256 is stored.</summary>
    [Id(1)] public required string Key { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"new API key {Info.Id}";
}

/// <summary>What one API request may do, as the tenant's grain sees it at this moment.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.tenant-access")]
public sealed record TenantAccess
{
    /// <summary>The tenant that asks.</summary>
    [Id(0)] public required Tenant Tenant { get; init; }

    /// <summary>False when the day's calls are used up.</summary>
    [Id(1)] public required bool WithinDailyLimit { get; init; }

    /// <summary>Calls allowed per day; null means no limit.</summary>
    [Id(2)] public int? DailyLimit { get; init; }

    /// <summary>Calls left today; null means no limit.</summary>
    [Id(3)] public int? DailyRemaining { get; init; }

    /// <summary>When the count starts again: the next midnight UTC.</summary>
    [Id(4)] public required DateTimeOffset ResetsAt { get; init; }

    /// <summary>True when the tier includes webhooks.</summary>
    [Id(5)] public required bool WebhooksIncluded { get; init; }

    /// <summary>What the key may still do at once; null: there is no such limit.</summary>
    [Id(6)] public BurstAllowance? Burst { get; init; }
}

/// <summary>How many calls a key may make in quick succession: <paramref name="Size"/> after a rest, <paramref name="PerSecond"/> for long.</summary>
/// <param name="PerSecond">Calls that come back each second.</param>
/// <param name="Size">Calls after a rest.</param>
/// <param name="Remaining">Calls left at this moment.</param>
/// <param name="FullIn">When all are back.</param>
/// <param name="RetryAfter">When this call would have been taken; null: it was. One that was not counts nowhere.</param>
[GenerateSerializer, Immutable, Alias("capacitor.burst-allowance")]
public sealed record BurstAllowance(
    [property: Id(0)] double PerSecond,
    [property: Id(1)] int Size,
    [property: Id(2)] int Remaining,
    [property: Id(3)] TimeSpan FullIn,
    [property: Id(4)] TimeSpan? RetryAfter);
