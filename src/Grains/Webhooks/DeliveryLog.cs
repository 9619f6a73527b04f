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

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly TimeSpan _gather = options.Value.LogDelay;
    private List<Entry> _entries = [];
    private TaskCompletionSource _isFull = NewSignal();
    private bool _writing;

    /// <summary>Takes a row; <paramref name="settle"/> is called once it is durable, in the order of calls.</summary>
    public void Add(DeliveryRecord row, Action<object> settle, object state)
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
        while (true)
        {
            await GatherAsync();
            List<Entry> entries;
            lock (_gate)
            {
                if (_entries.Count == 0)
                {
                    _writing = false;
                    return;
                }

                (entries, _entries) = (_entries, []);
                _isFull = NewSignal();
            }

            foreach (var some in entries.Chunk(MostRows))
            {
                await KeepAsync(some);
            }
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

    private async Task KeepAsync(Entry[] entries)
    {
        var rows = Array.ConvertAll(entries, entry => entry.Row);
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await store.WriteAsync(rows);
                break;
            }
            catch (Exception failure)
            {
                Log.NotKept(logger, failure, rows.Length, pause);
                await Task.Delay(pause, time);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        foreach (var entry in entries)
        {
            entry.Settle(entry.State);
        }
    }

    private readonly record struct Entry(DeliveryRecord Row, Action<object> Settle, object State);

    private static partial class Log
    {
        [LoggerMessage(2040, LogLevel.Warning, "{Count} lines of the delivery log could not be written; next try in {Pause}")]
        public static partial void NotKept(ILogger logger, Exception failure, int count, TimeSpan pause);
    }
}
