using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Storage;

/// <summary>
/// What a backend promises. Every implementation is held to it by <c>JournalPromises</c> in the tests.
/// <list type="bullet">
/// <item>A commit is all or nothing: state, events and rows; and it is durable before its task completes.</item>
/// <item>A version conflict fails that commit alone. A failure of the store fails the commits it concerns with an exception and keeps nothing of them.</item>
/// <item>Events get dense, rising positions within their partition, from 1. A position is never used twice, even when all events were deleted.</item>
/// <item>Events get dense, rising sequences within their tenant, from 1 and in the order of their positions; never used twice either. Those that versions
/// before sequences wrote have 0.</item>
/// <item>A reader that asks for what lies after a position never skips an event that is committed later: positions become visible in order.</item>
/// <item>Whatever was committed before a call is seen by it.</item>
/// </list>
/// </summary>
internal interface IJournal : IJournalReader
{
    /// <summary>How many partitions there are; fixed when the store is made.</summary>
    int Partitions { get; }

    /// <summary>The partition of a tenant's events: from 0, the same for ever.</summary>
    int PartitionOf(TenantId tenant);

    /// <summary>Writes or clears a state together with events and rows. Completes when that is durable, or with a conflict and nothing written.</summary>
    ValueTask<CommitResult> CommitAsync(JournalCommit commit);

    /// <summary>Appends events that belong to no state. Completes when they are durable.</summary>
    ValueTask AppendAsync(IReadOnlyList<NewEvent> events);

    /// <summary>A state as it was last committed; version 0 when it never was.</summary>
    ValueTask<StoredState> ReadStateAsync(string name, string key);

    /// <summary>The partition's events after <paramref name="after"/>, oldest first, at most <paramref name="limit"/>; deleted ones are left out.</summary>
    ValueTask<IReadOnlyList<JournalEvent>> ReadPartitionAsync(int partition, long after, int limit);

    /// <summary>True as soon as the partition has a committed event after <paramref name="after"/>; false when none came in time or the wait was cancelled.</summary>
    ValueTask<bool> WaitForAsync(int partition, long after, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>How far the stream has handled the partition; 0 at first.</summary>
    ValueTask<long> ReadCheckpointAsync(int partition);

    /// <summary>Remembers how far the stream has handled the partition. Never moves back.</summary>
    ValueTask WriteCheckpointAsync(int partition, long position);

    /// <summary>Deletes at most <paramref name="limit"/> of each partition's oldest events that happened before <paramref name="cutoff"/>; answers how many.</summary>
    ValueTask<int> DeleteEventsBeforeAsync(DateTimeOffset cutoff, int limit);

    /// <summary>Deletes at most <paramref name="limit"/> records whose time was over before <paramref name="now"/>; answers how many.</summary>
    ValueTask<int> DeleteExpiredRecordsAsync(DateTimeOffset now, int limit);
}

/// <summary>A stored state. Version 0: never written; no payload: cleared.</summary>
internal readonly record struct StoredState(long Version, byte[]? Payload);

/// <summary>How a commit ended. After a conflict <paramref name="Version"/> is the one that is stored, 0 when none is.</summary>
internal readonly record struct CommitResult(bool IsConflict, long Version);
