using System.Diagnostics;
using Capacitor.Events;
using Capacitor.Tenants;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Capacitor.Storage.Streams;

/// <summary>
/// Reads one partition for the stream's agent, which calls it from one turn at a time. Its checkpoint is what every subscriber has had; what
/// comes again after a crash, readers know by its position.
/// </summary>
internal sealed partial class JournalQueueReceiver(IJournal journal, int partition, TimeSpan repeatAfter, ILogger logger) : IQueueAdapterReceiver
{
    /// <summary>Bounds a slice, and the time one delivery takes.</summary>
    private const int EventsPerRead = 512;

    /// <summary>Bounds the memory behind a subscriber that does not return; the agent's cache never comes under pressure.</summary>
    private const int MostEventsOut = 16 * 1024;
    private const int MostBatchesOut = 2048;

    private static readonly TimeSpan LongPoll = TimeSpan.FromMilliseconds(250);
    /// <summary>The agent tells what was delivered only before it asks again: while something is out, it must not wait long.</summary>
    private static readonly TimeSpan ShortPoll = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Breather = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromSeconds(1);

    private readonly Queue<JournalBatch> _out = new();
    private readonly Dictionary<TenantId, JournalBatch> _failed = [];
    private TenantPositions? _positions;
    private long _failedAt;
    private int _eventsOut;
    private long _readTo;
    private int _repeats;
    private long _checkpoint;
    private long _checkpointedAt;
    private Task _saving = Task.CompletedTask;
    private bool _isFailing;

    /// <summary>Events handed to the agent that not every subscriber has had.</summary>
    public int Undelivered => Volatile.Read(ref _eventsOut);

    /// <summary>True once the agent is done with it.</summary>
    public bool IsShutDown { get; private set; }

    public async Task Initialize(TimeSpan timeout)
    {
        _readTo = _checkpoint = await journal.ReadCheckpointAsync(partition);
        _positions = new(_readTo);
    }

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    /// <summary>Never throws: to the agent a failure is a reason to leave the partition alone for ten seconds and more, and the journal may be back at once.</summary>
    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        try
        {
            var batches = await ReadAsync(maxCount, cancellationToken);
            _isFailing = false;
            return batches;
        }
        catch (Exception e)
        {
            Log.ReadFailed(logger, _isFailing ? LogLevel.Debug : LogLevel.Warning, partition, _readTo, e);
            _isFailing = true;
            await WaitAsync(PauseAfterFailure, cancellationToken);
            return [];
        }
    }

    private async Task<IList<IBatchContainer>> ReadAsync(int maxCount, CancellationToken cancellationToken)
    {
        if (_positions is null)
        {
            await Initialize(LongPoll);
        }
        if (_failed.Count > 0 && Stopwatch.GetElapsedTime(_failedAt) >= repeatAfter)
        {
            return Repeat();
        }
        if (_eventsOut >= MostEventsOut || _out.Count >= MostBatchesOut)
        {
            await WaitAsync(Breather, cancellationToken);
            return [];
        }
        if (!await journal.WaitForAsync(partition, _readTo, _out.Count > 0 ? ShortPoll : LongPoll, cancellationToken))
        {
            SaveCheckpoint();
            return [];
        }
        var events = await journal.ReadPartitionAsync(partition, _readTo, EventsPerRead);
        return events.Count == 0 ? [] : Slices(events, maxCount > 0 ? maxCount : int.MaxValue);
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages)
    {
        foreach (var message in messages)
        {
            ((JournalBatch)message).IsDelivered = true;
        }
        while (_out.TryPeek(out var oldest) && oldest.IsDelivered)
        {
            _out.Dequeue();
            _eventsOut -= oldest.Slice.Events.Count;
        }
        if (Stopwatch.GetElapsedTime(_checkpointedAt) >= BetweenCheckpoints)
        {
            SaveCheckpoint();
        }
        return Task.CompletedTask;
    }

    /// <summary>
    /// A subscriber could not take a batch for as long as the agent tries. It gets the newest such batch again, a little later and until it takes
    /// it; that it missed older ones it sees by <see cref="EventSlice.After"/>. So what waits for a broken subscriber is one batch, however many it
    /// missed, and between two offers the others of the partition have the agent for themselves.
    /// </summary>
    public void Failed(StreamSequenceToken? token)
    {
        foreach (var batch in _out)
        {
            if (batch.Token.Equals(token) && !batch.IsDelivered)
            {
                _failedAt = Stopwatch.GetTimestamp();
                batch.IsDelivered = true; // here it is done with: it goes out again as another batch
                var tenant = batch.Slice.Events[0].Tenant;
                if (!_failed.TryGetValue(tenant, out var other) || other.Slice.UpTo < batch.Slice.UpTo)
                {
                    _failed[tenant] = batch;
                }
                return;
            }
        }
    }

    public async Task Shutdown(TimeSpan timeout)
    {
        IsShutDown = true;
        SaveCheckpoint();
        await _saving.WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task WaitAsync(TimeSpan time, CancellationToken cancellation) =>
        await Task.Delay(time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>One slice per tenant. Cut short when there are more tenants than the agent takes batches.</summary>
    private List<IBatchContainer> Slices(IReadOnlyList<JournalEvent> events, int most)
    {
        Dictionary<TenantId, List<JournalEvent>> byTenant = [];
        List<List<JournalEvent>> inOrder = [];
        var readTo = _readTo;
        foreach (var item in events)
        {
            if (!byTenant.TryGetValue(item.Tenant, out var slice))
            {
                if (inOrder.Count == most)
                {
                    break;
                }
                byTenant[item.Tenant] = slice = [];
                inOrder.Add(slice);
            }
            slice.Add(item);
            readTo = item.Position;
        }
        List<IBatchContainer> batches = new(inOrder.Count);
        foreach (var slice in inOrder)
        {
            var tenant = slice[0].Tenant;
            batches.Add(Out(new(EventStream.Of(tenant), new(_positions!.Before(tenant), slice), new(slice[0].Position))));
            _positions.Saw(tenant, slice[^1].Position);
        }
        _readTo = readTo;
        _repeats = 0;
        _positions!.ReadTo(readTo);
        return batches;
    }

    private List<IBatchContainer> Repeat()
    {
        List<IBatchContainer> batches = new(_failed.Count);
        foreach (var batch in _failed.Values)
        {
            // The agent's cache wants tokens that only rise: after all that was read, before all that will be.
            batches.Add(Out(new(batch.StreamId, batch.Slice, new(_readTo, ++_repeats))));
        }
        _failed.Clear();
        return batches;
    }

    private JournalBatch Out(JournalBatch batch)
    {
        _out.Enqueue(batch);
        _eventsOut += batch.Slice.Events.Count;
        return batch;
    }

    /// <summary>Starts to save how far everybody is; the agent does not wait for it.</summary>
    private void SaveCheckpoint()
    {
        var handled = _readTo;
        foreach (var batch in _out)
        {
            if (!batch.IsDelivered)
            {
                handled = Math.Min(handled, batch.Slice.Events[0].Position - 1);
            }
        }
        foreach (var batch in _failed.Values)
        {
            handled = Math.Min(handled, batch.Slice.Events[0].Position - 1);
        }
        if (handled <= _checkpoint || _positions is null)
        {
            return;
        }
        _checkpoint = handled;
        _checkpointedAt = Stopwatch.GetTimestamp();
        _saving = SaveAsync(handled);
    }

    private async Task SaveAsync(long position)
    {
        try
        {
            await journal.WriteCheckpointAsync(partition, position);
        }
        catch (Exception e)
        {
            // Costs nothing but a repetition after a crash; the next one may succeed.
            Log.CheckpointFailed(logger, partition, position, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5020, LogLevel.Warning, "The stream's checkpoint {Position} of partition {Partition} could not be saved")]
        public static partial void CheckpointFailed(ILogger logger, int partition, long position, Exception exception);

        [LoggerMessage(EventId = 5023, Message = "Partition {Partition} could not be read after {Position}; it is tried again, and told once")]
        public static partial void ReadFailed(ILogger logger, LogLevel level, int partition, long position, Exception exception);
    }
}
