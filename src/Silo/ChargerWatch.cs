using Capacitor.Chargers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Capacitor.Silo;

/// <summary>Sees to it that somebody in the cluster looks for what is due of chargers.</summary>
internal sealed partial class ChargerWatch(IGrainFactory grains, TimeProvider time, ILogger<ChargerWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryWatchAsync(stoppingToken))
        {
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task<bool> TryWatchAsync(CancellationToken stopping)
    {
        try
        {
            await grains.GetGrain<IWatchGrain>(IWatchGrain.Key).WatchAsync();
            return true;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            NotWatched(logger, failure);
            return false;
        }
    }

    [LoggerMessage(6012, LogLevel.Warning, "Nobody could be asked to watch the chargers; trying again")]
    private static partial void NotWatched(ILogger logger, Exception failure);
}
