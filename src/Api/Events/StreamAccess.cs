using Capacitor.Tenants;

namespace Capacitor.Api.Events;

/// <summary>Whether a key that opened a stream may still have it. Looking counts as no API call.</summary>
internal sealed class StreamAccess(IGrainFactory grains, ApiKeyHash key, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Why the stream must end; null when it may go on, or when that cannot be found out now.</summary>
    public async Task<string?> FindRefusalAsync(CancellationToken stop)
    {
        try
        {
            return await AskAsync().WaitAsync(Patience, time, stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested && Failures.Passes(failure))
        {
            return null;
        }
    }

    private async Task<string?> AskAsync()
    {
        if (await grains.GetGrain<IApiKeyGrain>(key.GrainKey).FindAsync() is not { } owner)
        {
            return "the API key was revoked";
        }

        var tenant = await grains.GetGrain<ITenantGrain>(owner.Tenant.GrainKey).FindAsync();
        return tenant is null ? "the account is gone" : tenant.Suspended ? "the account is suspended" : null;
    }
}
