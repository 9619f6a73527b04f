using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Storage;

/// <summary>
/// Deletes events that are older than <see cref="JournalOptions.EventRetention"/>, deliveries that the log may forget, and records whose time is over; a few
/// at a time, so that commits pass in between.
/// </summary>
internal sealed partial class RetentionSweeper(
    IJournal journal, IDeliveryLog deliveries, IOptions<JournalOptions> options, TimeProvider time, ILogger<RetentionSweeper> logger) : BackgroundService
{
    /// <summary>Per partition and transaction: a few milliseconds of the writer's time.</summary>
    private const int Batch = 256;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>One sweep over the events; answers how many it deleted.</summary>
    public Task<long> SweepEventsAsync(CancellationToken cancellation)
    {
        var cutoff = time.GetUtcNow() - options.Value.EventRetention;
        return InBatchesAsync(() => journal.DeleteEventsBeforeAsync(cutoff, Batch), cancellation);
    }

    /// <summary>One sweep over the delivery log; answers how many rows it deleted. Those that wait for an attempt stay, however old they are.</summary>
    public Task<long> SweepDeliveriesAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return InBatchesAsync(() => deliveries.DeleteExpiredAsync(now), cancellation);
    }

    /// <summary>One sweep over the records; answers how many it deleted.</summary>
    public Task<long> SweepRecordsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return InBatchesAsync(() => journal.DeleteExpiredRecordsAsync(now, Batch), cancellation);
    }

    private static async Task<long> InBatchesAsync(Func<ValueTask<int>> batch, CancellationToken cancellation)
    {
        var all = 0L;
        int deleted;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            deleted = await batch();
            all += deleted;
        }
        while (deleted > 0);
        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await SweepEventsAsync(stoppingToken) is > 0 and var events)
                {
                    Log.Swept(logger, events, options.Value.EventRetention);
                }
                if (await SweepDeliveriesAsync(stoppingToken) is > 0 and var rows)
                {
                    Log.SweptDeliveries(logger, rows);
                }
                if (await SweepRecordsAsync(stoppingToken) is > 0 and var records)
                {
                    Log.SweptRecords(logger, records);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A full disk must not end the host; the next sweep tries again.
                Log.SweepFailed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Information, "Deleted {Events} events older than {Retention}")]
        public static partial void Swept(ILogger logger, long events, TimeSpan retention);

        [LoggerMessage(5011, LogLevel.Warning, "Old events, deliveries or records could not be deleted; it will be tried again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);

        [LoggerMessage(5012, LogLevel.Information, "Deleted {Deliveries} deliveries that the log need not keep any longer")]
        public static partial void SweptDeliveries(ILogger logger, long deliveries);

        [LoggerMessage(5048, LogLevel.Information, "Deleted {Records} records whose time was over")]
        public static partial void SweptRecords(ILogger logger, long records);
    }
}
