using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Capacitor.Events;

namespace Capacitor.Storage;

/// <summary>
/// The newest events of a partition, in memory: whoever keeps up never touches the disk, and gets the very arrays that were committed.
/// What is durable is published in order; any number of readers copy and wait.
/// </summary>
internal sealed class PartitionTail(long head, int capacity = PartitionTail.DefaultCapacity)
{
    /// <summary>At 20,000 events a second to one tenant, a fifth of a second.</summary>
    private const int DefaultCapacity = 4096;

    private readonly Lock _gate = new();
    private JournalEvent[] _ring = new JournalEvent[Math.Min(64, capacity)];
    private long _first = head + 1;
    private long _head = head;
    private TaskCompletionSource? _waiters;

    /// <summary>The last committed position.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>
    /// Adds committed events and wakes whoever waits for them. Where others have written in between, what was here is forgotten: readers that are
    /// further behind get it from the store.
    /// </summary>
    public void Publish(List<JournalEvent> events)
    {
        TaskCompletionSource? waiters;
        lock (_gate)
        {
            if (events[^1].Position <= _head)
            {
                return; // others have told of them already
            }
            if (events[0].Position != _head + 1)
            {
                _first = events[0].Position;
                _head = _first - 1;
            }
            Grow(events.Count);
            foreach (var item in events)
            {
                _ring[item.Position & (_ring.Length - 1)] = item;
            }
            var newHead = events[^1].Position;
            _first = Math.Max(_first, newHead - _ring.Length + 1);
            Volatile.Write(ref _head, newHead);
            waiters = _waiters;
            _waiters = null;
        }
        waiters?.TrySetResult();
    }

    /// <summary>Others have committed up to <paramref name="head"/>: wakes whoever waits for that, to read it from the store.</summary>
    public void Advance(long head)
    {
        TaskCompletionSource? waiters;
        lock (_gate)
        {
            if (head <= _head)
            {
                return;
            }
            _first = head + 1;
            Volatile.Write(ref _head, head);
            waiters = _waiters;
            _waiters = null;
        }
        waiters?.TrySetResult();
    }

    /// <summary>Copies what follows <paramref name="after"/>; false when some of it is no longer here.</summary>
    public bool TryRead(long after, int limit, [NotNullWhen(true)] out JournalEvent[]? events)
    {
        lock (_gate)
        {
            if (after < _first - 1)
            {
                events = null;
                return false;
            }
            var count = (int)Math.Clamp(_head - after, 0, limit);
            events = count == 0 ? [] : new JournalEvent[count];
            for (var i = 0; i < count; i++)
            {
                events[i] = _ring[(after + 1 + i) & (_ring.Length - 1)];
            }
            return true;
        }
    }

    /// <summary>Waits for an event after <paramref name="after"/>.</summary>
    public ValueTask<bool> WaitAsync(long after, TimeSpan timeout, CancellationToken cancellation)
    {
        if (Head > after)
        {
            return new(true);
        }
        return AwaitAsync(after, timeout, cancellation);
    }

    private async ValueTask<bool> AwaitAsync(long after, TimeSpan timeout, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (NextChange(after) is { } change)
        {
            var left = timeout - Stopwatch.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || cancellation.IsCancellationRequested)
            {
                return false;
            }
            await change.WaitAsync(left, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return true;
    }

    /// <summary>Null: there is an event after <paramref name="after"/>. A reader that was at the store may be ahead, so that not every change is its.</summary>
    private Task? NextChange(long after)
    {
        lock (_gate)
        {
            return _head > after ? null : (_waiters ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Grow(int coming)
    {
        var wanted = _head + 1 - _first + coming;
        if (wanted <= _ring.Length || _ring.Length >= capacity)
        {
            return;
        }
        var larger = new JournalEvent[Math.Min(capacity, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)wanted))];
        for (var position = _first; position <= _head; position++)
        {
            larger[position & (larger.Length - 1)] = _ring[position & (_ring.Length - 1)];
        }
        _ring = larger;
    }
}
