using Capacitor.Chargers;
using Capacitor.Silo;

namespace Capacitor.Api.Ocpp;

/// <summary>Opens the gateway before the first charger is let in, and tells the cluster that it is alive for as long as it is.</summary>
internal sealed class GatewayLease(OcppEdge edge) : BackgroundService, IReadinessCheck
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private volatile bool _isRenewed;

    /// <summary>Null while the cluster hears of this gateway.</summary>
    public string? Problem => _isRenewed ? null : "cluster_unreachable";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        edge.Open();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var gateways = edge.Grains.GetGrain<IGatewaysGrain>(IGatewaysGrain.Key);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = AfterFailure;
            try
            {
                pause = await gateways.RenewAsync(edge.GatewayId);
                _isRenewed = true;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                _isRenewed = false;
                Log.LeaseNotRenewed(edge.Logger, failure);
            }

            await Task.Delay(pause, edge.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
