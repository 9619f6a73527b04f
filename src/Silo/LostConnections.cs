using Capacitor.Chargers;
using Capacitor.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Silo;

/// <summary>
/// Reports chargers disconnected whose process died, unless they are back within the grace period. Where one process is the whole installation,
/// whatever its rows call online under another gateway's name is such a charger.
/// </summary>
internal sealed partial class LostConnections(
    IGrainFactory grains,
    IJournalReader journal,
    GatewayIdentity gateway,
    IOptions<CapacitorOptions> options,
    TimeProvider time,
    ILogger<LostConnections> logger) : BackgroundService
{
    private const int AtOnce = 32;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if ((await journal.ListOnlineElsewhereAsync(gateway.Id, stoppingToken)).Count == 0)
            {
                return;
            }

            await Task.Delay(options.Value.Chargers.LostConnectionGrace, time, stoppingToken);
            var lost = await journal.ListOnlineElsewhereAsync(gateway.Id, stoppingToken);
            await Parallel.ForEachAsync(lost, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, ReportAsync);
            Reported(logger, lost.Count);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start looks again.
        }
    }

    private async ValueTask ReportAsync(Charger charger, CancellationToken stopping)
    {
        try
        {
            // A charger that came back meanwhile has a newer epoch, and its grain ignores this.
            await grains.GetGrain<IChargerGrain>(charger.ChargeBoxId.GrainKey).DetachAsync(charger.Epoch, DisconnectReason.ServerShutdown);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            NotReported(logger, charger.ChargeBoxId, failure);
        }
    }

    [LoggerMessage(6011, LogLevel.Information, "{Count} chargers did not come back after the last stop and are reported disconnected")]
    private static partial void Reported(ILogger logger, int count);

    [LoggerMessage(6012, LogLevel.Warning, "Charger {Charger} did not come back, and could not be reported disconnected; the next start tries again")]
    private static partial void NotReported(ILogger logger, ChargeBoxId charger, Exception failure);
}
