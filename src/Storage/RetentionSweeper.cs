using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Storage;

/// <summary>Deletes events that are older than <see cref="JournalOptions.EventRetention"/>, a few at a time, so that commits pass in between.</summary>
internal sealed partial class RetentionSweeper(IJournal journal, IOptions<JournalOptions> options, TimeProvider time, ILogger<RetentionSweeper> logger)
    : BackgroundService
{
    /// <summary>Per partition and transaction: a few milliseconds of the writer's time.</summary>
    private const int Batch = 256;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>One sweep; answers how many events it deleted.</summary>
    public async Task<long> SweepAsync(CancellationToken cancellation)
    {
        var cutoff = time.GetUtcNow() - options.Value.EventRetention;
        var all = 0L;
        int deleted;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            deleted = await journal.DeleteEventsBeforeAsync(cutoff, Batch);
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
                if (await SweepAsync(stoppingToken) is > 0 and var deleted)
                {
                    Log.Swept(logger, deleted, options.Value.EventRetention);
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

        [LoggerMessage(5011, LogLevel.Warning, "Old events could not be deleted; it will be tried again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
