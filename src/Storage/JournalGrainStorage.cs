using System.Globalization;
using Capacitor.Events;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Capacitor.Storage;

/// <summary>
/// Grain state in the journal. A state that is an <see cref="IHasOutbox"/> is committed together with what its outbox holds.
/// The version is the ETag; a cleared state keeps its row and its rising version, so that a stale activation can never write over a newer life.
/// </summary>
internal sealed class JournalGrainStorage(IJournal journal, Serializer serializer) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await journal.ReadStateAsync(stateName, KeyOf(grainId));
        grainState.ETag = ETagOf(stored.Version);
        grainState.RecordExists = stored.Payload is not null;
        grainState.State = stored.Payload is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(stored.Payload);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        CommitAsync(stateName, grainId, grainState, serializer.SerializeToArray(grainState.State));

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await CommitAsync(stateName, grainId, grainState, payload: null);
        grainState.State = Activator.CreateInstance<T>();
    }

    private async Task CommitAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? payload)
    {
        using var span = Tracing.Start("journal commit")?.SetTag("capacitor.state", stateName);
        var outbox = (grainState.State as IHasOutbox)?.Outbox;
        JournalCommit commit = new()
        {
            Name = stateName,
            Key = KeyOf(grainId),
            ExpectedVersion = VersionOf(grainState.ETag),
            Payload = payload,
            Events = outbox is { Events.Count: > 0 } ? Traced(outbox.Events) : [],
            Charger = outbox?.Charger,
            RemovedCharger = outbox?.RemovedCharger,
            Transactions = outbox is { Transactions.Count: > 0 } ? outbox.Transactions.ToArray() : [],
            Records = outbox is { Records.Count: > 0 } ? outbox.Records.ToArray() : [],
        };
        var result = await journal.CommitAsync(commit);
        span?.SetTag("capacitor.events", commit.Events.Length).SetTag("capacitor.outcome", result.IsConflict ? "conflict" : "committed");
        if (result.IsConflict)
        {
            throw new InconsistentStateException(
                $"The state '{stateName}' of {grainId} was changed by someone else.", ETagOf(result.Version), grainState.ETag);
        }
        grainState.ETag = ETagOf(result.Version);
        grainState.RecordExists = payload is not null;
        if (outbox is not null)
        {
            Empty(outbox, commit);
        }
    }

    /// <summary>The events as they are committed: what happens to them later goes on in the trace that commits them.</summary>
    private static NewEvent[] Traced(List<NewEvent> events) =>
        Tracing.Current is { } traceParent ? [.. events.Select(item => item with { TraceParent = traceParent })] : [.. events];

    /// <summary>Takes out what was committed; what an interleaved call has put in since then stays.</summary>
    private static void Empty(Outbox outbox, JournalCommit committed)
    {
        outbox.Events.RemoveRange(0, Math.Min(committed.Events.Length, outbox.Events.Count));
        outbox.Transactions.RemoveRange(0, Math.Min(committed.Transactions.Length, outbox.Transactions.Count));
        outbox.Records.RemoveRange(0, Math.Min(committed.Records.Length, outbox.Records.Count));
        if (ReferenceEquals(outbox.Charger, committed.Charger))
        {
            outbox.Charger = null;
        }
        if (outbox.RemovedCharger == committed.RemovedCharger)
        {
            outbox.RemovedCharger = null;
        }
    }

    private static string KeyOf(GrainId grainId) => grainId.Key.ToString()!;

    private static string? ETagOf(long version) => version == 0 ? null : version.ToString(CultureInfo.InvariantCulture);

    private static long? VersionOf(string? etag) => etag is null ? null : long.Parse(etag, CultureInfo.InvariantCulture);
}
