using Capacitor.Grains.Secrets;
using Capacitor.Secrets;
using Capacitor.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>
/// Wakes every tenant's webhooks after a start and after the end of another silo: what was left undelivered goes out without waiting for the next event, and
/// tiers that were configured anew take effect.
/// </summary>
internal sealed partial class WebhookAlarm(IGrainFactory grains, SecretKeyring keys, SiloDeaths deaths, TimeProvider time, ILogger<WebhookAlarm> logger) : BackgroundService
{
    private const int AtOnce = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Ends when every tenant has been woken once.</summary>
    public Task FirstRound => _firstRound.Task;

    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await WakeAllAsync(stoppingToken);
                await TellKeysAsync();
                _firstRound.TrySetResult();
                SiloGone(logger, await deaths.NextAsync(stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start wakes them.
        }
    }

    private async Task WakeAllAsync(CancellationToken stopping)
    {
        var asleep = await ListAsync(stopping);
        while ((asleep = await WakeAsync(asleep, stopping)).Count > 0)
        {
            await Task.Delay(Pause, time, stopping);
        }
    }

    // Whoever was woken has sealed what it stores with the first key. Not told: the older keys are asked for once more than needed.
    private async Task TellKeysAsync()
    {
        try
        {
            await grains.GetGrain<ISecretKeysGrain>(ISecretKeysGrain.Key).ResealedAsync(keys.First.Id);
        }
        catch (Exception failure)
        {
            KeysNotTold(logger, failure);
        }
    }

    private async Task<IReadOnlyCollection<TenantId>> ListAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await grains.GetGrain<ITenantDirectoryGrain>(ITenantDirectoryGrain.Key).ListAsync();
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                NotListed(logger, failure);
            }

            await Task.Delay(Pause, time, stopping);
        }
    }

    private async Task<IReadOnlyCollection<TenantId>> WakeAsync(IEnumerable<TenantId> tenants, CancellationToken stopping)
    {
        var failed = new System.Collections.Concurrent.ConcurrentBag<TenantId>();
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, async (tenant, _) =>
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

    [LoggerMessage(6002, LogLevel.Warning, "The tenants whose webhooks are to be woken could not be listed; trying again")]
    private static partial void NotListed(ILogger logger, Exception failure);

    [LoggerMessage(6004, LogLevel.Warning, "That everything is sealed with the first of the secret keys could not be noted; the next start does it")]
    private static partial void KeysNotTold(ILogger logger, Exception failure);

    [LoggerMessage(6003, LogLevel.Information, "The silo {Silo} is gone: what it was about to deliver is taken up by others")]
    private static partial void SiloGone(ILogger logger, SiloAddress silo);
}
