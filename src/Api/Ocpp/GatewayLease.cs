using Capacitor.Chargers;
using Capacitor.Silo;

namespace Capacitor.Api.Ocpp;

/// <summary>Opens the gateway before the first charger is let in, and tells the cluster that it is alive for as long as it is.</summary>
internal sealed class GatewayLease(OcppEdge edge, LostConnections lost) : BackgroundService, IReadinessCheck
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WithoutJournal = TimeSpan.FromSeconds(1);

    private readonly Lease _lease = new(edge.Time);

    public string? Problem => _lease.Problem;

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
                var asked = edge.Time.GetTimestamp();
                var terms = await RenewAsync(gateways);
                pause = terms.JournalIsWritable ? terms.Renewal : WithoutJournal; // that it is back should be known soon
                if (_lease.Renew(asked, terms))
                {
                    lost.Begin(terms.Renewal, stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.LeaseNotRenewed(edge.Logger, failure);
            }

            await Task.Delay(pause, edge.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<GatewayTerms> RenewAsync(IGatewaysGrain gateways)
    {
        try
        {
            return await gateways.RenewLeaseAsync(edge.GatewayId);
        }
        catch (Exception unknown) when (!Failures.Passes(unknown))
        {
            // A silo of the version before, in the middle of an upgrade. Its leases are at least three renewals long.
            var renewal = await gateways.RenewAsync(edge.GatewayId);
            return new GatewayTerms { Renewal = renewal, Length = 3 * renewal };
        }
    }
}
