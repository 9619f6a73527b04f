using Capacitor.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Capacitor.Silo;

/// <summary>
/// Wakes every tenant's webhooks after a start: what a crash left undelivered goes out without waiting for the next event, and tiers that were configured
/// anew take effect.
/// </summary>
internal sealed partial class WebhookAlarm(IGrainFactory grains, TimeProvider time, ILogger<WebhookAlarm> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 16 };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            IReadOnlyCollection<TenantId> asleep = await grains.GetGrain<ITenantDirectoryGrain>(ITenantDirectoryGrain.Key).ListAsync();
            while ((asleep = await WakeAsync(asleep, stoppingToken)).Count > 0)
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start wakes them.
        }
    }

    private async Task<IReadOnlyCollection<TenantId>> WakeAsync(IEnumerable<TenantId> tenants, CancellationToken stopping)
    {
        var failed = new System.Collections.Concurrent.ConcurrentBag<TenantId>();
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = AtOnce.MaxDegreeOfParallelism, CancellationToken = stopping }, async (tenant, _) =>
        {
            try
            {
                await grains.GetGrain<ITenantGrain>(tenant.GrainKey).WakeWebhooksAsync();
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                failed.Add(tenant);
                NotWoken(logger, tenant, failure);
            }
        });
        return failed;
    }

    [LoggerMessage(6001, LogLevel.Warning, "The webhooks of tenant {Tenant} could not be woken; trying again")]
    private static partial void NotWoken(ILogger logger, TenantId tenant, Exception failure);
}
