using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Capacitor.Storage.Messages;

/// <summary>Deletes messages whose days are over.</summary>
internal sealed partial class MessageSweeper(IMessageLog log, TimeProvider time, ILogger<MessageSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>One sweep; answers as the log does.</summary>
    public Task<long> SweepAsync(CancellationToken cancellation) => log.DeleteExpiredAsync(time.GetUtcNow(), cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            try
            {
                if (await SweepAsync(stoppingToken) is > 0 and var deleted)
                {
                    Log.Swept(logger, deleted);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.SweepFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(5060, LogLevel.Information, "Deleted {Deleted} rows or files of messages that need not be kept any longer")]
        public static partial void Swept(ILogger logger, long deleted);

        [LoggerMessage(5061, LogLevel.Warning, "Old messages could not be deleted; it will be tried again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
