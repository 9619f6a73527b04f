using Capacitor.Tenants;
using Orleans.Runtime;

namespace Capacitor.Events;

/// <summary>The Orleans stream of a tenant's events. Both names are stored identity: never changed.</summary>
public static class EventStream
{
    /// <summary>The stream provider, and the grain storage that commits state with events.</summary>
    public const string Provider = "journal";

    /// <summary>The grain storage of tenants, keys and webhook registrations.</summary>
    public const string ColdStorage = "registry";

    /// <summary>The stream namespace; the key is the tenant's grain key.</summary>
    public const string Namespace = "events";

    /// <summary>The tenant's stream.</summary>
    public static StreamId Of(TenantId tenant) => StreamId.Create(Namespace, tenant.GrainKey);
}

/// <summary>
/// What the stream carries: a tenant's events from one read of its partition. Nothing of the tenant lies between
/// <paramref name="After"/> and the first of <paramref name="Events"/>, so a reader that has seen <paramref name="After"/> has missed nothing.
/// </summary>
[GenerateSerializer, Immutable, Alias("capacitor.event-slice")]
public sealed record EventSlice([property: Id(0)] long After, [property: Id(1)] IReadOnlyList<JournalEvent> Events)
{
    /// <summary>The position of the last event.</summary>
    public long UpTo => Events[^1].Position;
}
