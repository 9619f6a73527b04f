using Capacitor.Grains.Secrets;
using Capacitor.Secrets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>Refuses a start without a key that something may be sealed with: webhooks would fall silent one by one.</summary>
internal sealed partial class SecretKeyCheck(IGrainFactory grains, SecretKeyring keys, TimeProvider time, ILogger<SecretKeyCheck> logger, ISecretKeyFile? file = null) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        IReadOnlyList<string>? missing;
        while ((missing = await TryUseAsync(time.GetElapsedTime(began) >= Patience)) is null)
        {
            await Task.Delay(Pause, time, cancellationToken);
        }

        if (missing.Count > 0)
        {
            var place = file is null ? "among Capacitor:SecretKeys" : $"in {file.Path} nor among Capacitor:SecretKeys";
            throw new SecretKeysException(
                $"Secrets of webhooks were sealed with the key {missing[0]}, which is not {place}. Put it back: as a later one of Capacitor:SecretKeys, if another is to be the first.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // In a cluster the grain may be on a silo that is just dying.
    private async Task<IReadOnlyList<string>?> TryUseAsync(bool isLast)
    {
        try
        {
            return await grains.GetGrain<ISecretKeysGrain>(ISecretKeysGrain.Key).UseAsync(keys.Ids);
        }
        catch (Exception failure) when (file is null && !isLast && failure is OrleansException or TimeoutException or System.Data.Common.DbException)
        {
            NotYet(logger, failure);
            return null;
        }
    }

    [LoggerMessage(6005, LogLevel.Warning, "Which secret keys are in use could not be asked yet; it is tried again")]
    private static partial void NotYet(ILogger logger, Exception failure);
}
