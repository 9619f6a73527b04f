using Capacitor.Messages;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Messages;

/// <summary>Hands the message log to a silo, some at a time. What no silo takes for a while is dropped and counted.</summary>
internal sealed partial class MessageShipper(
    MessageLog log, MessageLogMetrics metrics, IGrainFactory grains, IOptions<MessageLogOptions> options, TimeProvider time, ILogger<MessageShipper> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A stop does not wait long for a log.
    private static readonly TimeSpan ForTheLast = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ShipAsync(ForTheLast, CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!log.IsOn)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await ShipAsync(Patience, stoppingToken);
            await log.WaitAsync(options.Value.Delay, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShipAsync(TimeSpan patience, CancellationToken stopping)
    {
        if (log.Take() is not { Count: > 0 } taken)
        {
            return;
        }

        var count = taken.Sum(buffer => buffer.Count);
        var attempts = await WriteAsync([.. taken.Select(buffer => buffer.ToBlock())], patience, stopping);
        log.Release(taken, isReusable: attempts == 1); // else a silo may still be at an earlier one
        if (attempts > 0)
        {
            metrics.Written(count);
        }
        else
        {
            metrics.Dropped("failed", count);
            Log.Dropped(logger, count);
        }
    }

    /// <summary>How many attempts it took; 0 when it was given up.</summary>
    private async Task<int> WriteAsync(MessageBlock[] blocks, TimeSpan patience, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await grains.GetGrain<IMessageLogGrain>(IMessageLogGrain.Key).WriteAsync(blocks).WaitAsync(patience, time, CancellationToken.None);
                return attempt;
            }
            catch (Exception failure)
            {
                Log.NotWritten(logger, failure, attempt);
            }

            if (time.GetElapsedTime(began) >= patience || stopping.IsCancellationRequested)
            {
                return 0;
            }

            await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4130, LogLevel.Warning, "Messages of chargers could not be written to the message log, attempt {Attempt}")]
        public static partial void NotWritten(ILogger logger, Exception failure, int attempt);

        [LoggerMessage(4131, LogLevel.Error, "{Count} messages of chargers are not in the message log; nobody took them")]
        public static partial void Dropped(ILogger logger, int count);
    }
}
