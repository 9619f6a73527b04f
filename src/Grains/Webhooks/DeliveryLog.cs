using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// Writes what became of deliveries, for all webhooks of the process together: a row a delivery would be a transaction a delivery. Nothing is given up when the
/// store is away; how much waits is bounded by how far webhooks go ahead of what is on record.
/// </summary>
internal sealed partial class DeliveryLog(IDeliveryStore store, IOptions<WebhookOptions> options, TimeProvider time, ILogger<DeliveryLog> logger)
{
    private const int MostRows = 256;
    private const int TriesTogether = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly TimeSpan _gather = options.Value.LogDelay;
    private readonly List<Entry> _entries = [];
    private TaskCompletionSource _isFull = NewSignal();
    private bool _writing;

    /// <summary>
    /// Takes a row; <paramref name="settle"/> is called once it is durable, in the order of calls, or with false when the store will never take it.
    /// </summary>
    public void Add(DeliveryRecord row, Action<object, bool> settle, object state)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(row, settle, state));
            if (_entries.Count >= MostRows)
            {
                _isFull.TrySetResult();
            }

            if (_writing)
            {
                return;
            }

            _writing = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static log => _ = log.WriteAsync(), this, preferLocal: false);
    }

    /// <summary>Completes when all that was taken so far is durable.</summary>
    public Task FlushAsync()
    {
        var flushed = NewSignal();
        lock (_gate)
        {
            if (!_writing)
            {
                return Task.CompletedTask;
            }

            _entries.Add(new Entry(null, static (signal, _) => ((TaskCompletionSource)signal).TrySetResult(), flushed));
            _isFull.TrySetResult();
        }

        return flushed.Task;
    }

    /// <summary>Does not wait for more to come with what is there.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            _isFull.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync()
    {
        var waiting = new List<Entry>();
        var (failures, pause) = (0, FirstPause);
        while (await TakeAsync(waiting))
        {
            var some = waiting.GetRange(0, Math.Min(MostRows, waiting.Count));
            List<Entry> left = [];
            try
            {
                await WriteAsync(some);
            }
            catch (Exception failure)
            {
                Log.NotKept(logger, failure, some.Count, pause);
                left = ++failures < TriesTogether ? some : await KeepOneByOneAsync(some, failures);
            }

            waiting.RemoveRange(0, some.Count);
            waiting.InsertRange(0, left);
            if (left.Count == 0)
            {
                (failures, pause) = (0, FirstPause);
                continue;
            }

            await Task.Delay(pause, time);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // False when there is nothing to write, and whoever comes next begins anew.
    private async Task<bool> TakeAsync(List<Entry> waiting)
    {
        if (waiting.Count == 0)
        {
            await GatherAsync();
        }

        lock (_gate)
        {
            if (waiting.Count == 0 && _entries.Count == 0)
            {
                _writing = false;
                return false;
            }

            waiting.AddRange(_entries);
            _entries.Clear();
            _isFull = NewSignal();
            return true;
        }
    }

    private async Task GatherAsync()
    {
        Task isFull;
        lock (_gate)
        {
            if (_entries.Count == 0)
            {
                return;
            }

            isFull = _isFull.Task;
        }

        if (_gather > TimeSpan.Zero)
        {
            await isFull.WaitAsync(_gather, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One line that the store will never take must not hold up those of all webhooks. Answers those to try again. The longer it lasts the further it looks for
    // one that is taken: when none is, the store is away.
    private async Task<List<Entry>> KeepOneByOneAsync(List<Entry> entries, int failures)
    {
        var left = new List<Entry>();
        DeliveryRecord? good = null;
        foreach (var entry in entries)
        {
            var isPointless = (good is null && left.Count >= failures) || (entry.Row is null && left.Count > 0); // a flush waits for all before it
            if (isPointless || await TryWriteAsync(entry) is not null)
            {
                left.Add(entry);
                continue;
            }

            good ??= entry.Row;
        }

        return good is null ? left : await KeepWithAsync(good, left);
    }

    // The store takes lines, so that those which it still refuses are at fault themselves.
    private async Task<List<Entry>> KeepWithAsync(DeliveryRecord good, List<Entry> entries)
    {
        var left = new List<Entry>();
        foreach (var entry in entries)
        {
            if (entry.Row is null && left.Count > 0)
            {
                left.Add(entry);
            }
            else if (await TryWriteAsync(entry) is { } failure)
            {
                if (await TryWriteAsync(new Entry(good, static (_, _) => { }, good)) is not null)
                {
                    left.Add(entry);
                    continue;
                }

                Log.GivenUp(logger, failure, entry.Row?.WebhookId, entry.Row?.Id);
                Settle(entry, isKept: false);
            }
        }

        return left;
    }

    private async Task<Exception?> TryWriteAsync(Entry entry)
    {
        try
        {
            await WriteAsync([entry]);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private async Task WriteAsync(List<Entry> entries)
    {
        var rows = new List<DeliveryRecord>(entries.Count);
        foreach (var entry in entries)
        {
            if (entry.Row is not null)
            {
                rows.Add(entry.Row);
            }
        }

        if (rows.Count > 0)
        {
            await store.WriteAsync(rows);
        }

        entries.ForEach(entry => Settle(entry, isKept: true));
    }

    // What one webhook makes of it must not hold up the others'.
    private void Settle(Entry entry, bool isKept)
    {
        try
        {
            entry.Settle(entry.State, isKept);
        }
        catch (Exception fault)
        {
            Log.NotSettled(logger, fault, entry.Row?.WebhookId);
        }
    }

    private readonly record struct Entry(DeliveryRecord? Row, Action<object, bool> Settle, object State);

    private static partial class Log
    {
        [LoggerMessage(2040, LogLevel.Warning, "{Count} lines of the delivery log could not be written; next try in {Pause}")]
        public static partial void NotKept(ILogger logger, Exception failure, int count, TimeSpan pause);

        [LoggerMessage(2041, LogLevel.Error, "Webhook {Webhook}: the log's line of delivery {Delivery} was refused by the store time and again, and is given up")]
        public static partial void GivenUp(ILogger logger, Exception failure, string? webhook, string? delivery);

        [LoggerMessage(2042, LogLevel.Error, "Webhook {Webhook}: a fault followed a line of the delivery log")]
        public static partial void NotSettled(ILogger logger, Exception fault, string? webhook);
    }
}
