using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

internal sealed partial class TenantGrain
{
    private const int MaxKeys = 100;

    private static readonly TimeSpan UsesSavedAfter = TimeSpan.FromMinutes(5);

    // Uses since the last write. Written together now and then: a write per request would cost more than the request.
    private readonly Dictionary<string, DateTimeOffset> _used = [];
    private IGrainTimer? _saveUses;

    public async Task<CreatedApiKey> CreateKeyAsync(string name, ApiKeySecret? secret = null)
    {
        if (tenant.State.Tenant is null)
        {
            throw new RefusedException(RefusalKind.Forbidden, $"The tenant {Id} does not exist: it can have no keys.");
        }

        if (secret is null && tenant.State.Keys.Count >= MaxKeys)
        {
            throw new RefusedException(RefusalKind.LimitReached, $"A tenant can have {MaxKeys} API keys. Revoke one first.");
        }

        secret ??= ApiKeySecret.Make();
        KeyMint.Check(secret);
        var hash = ApiKeyHash.Of(secret.Text);
        var key = tenant.State.FindKey(hash);
        if (await ApiKeyOf(hash.Hex).FindAsync() is { } owner && (key is null || owner != new ApiKeyOwner(Id, key.Info.Id)))
        {
            throw new RefusedException(RefusalKind.Conflict, "This API key is in use already. Choose another, or let one be made.", "key");
        }

        if (key is null)
        {
            key = new TenantKey(new ApiKey { Id = KeyMint.NewId(), Name = name, Prefix = KeyMint.Prefix(secret), CreatedAt = time.GetUtcNow() }, hash.Hex);

            // Listed before it works: a key that works and is in no list could not be revoked.
            tenant.State.Keys.Add(key);
            await this.SaveAsync(tenant);
        }

        await ApiKeyOf(hash.Hex).BindAsync(new ApiKeyOwner(Id, key.Info.Id));
        Log.KeyMade(logger, key.Info.Id, Id);
        return new CreatedApiKey { Info = key.Info, Key = secret.Text };
    }

    public async Task<bool> MendKeyAsync(ApiKeyHash hash)
    {
        if (tenant.State.FindKey(hash) is not { } key || await ApiKeyOf(hash.Hex).FindAsync() is not null)
        {
            return false;
        }

        await ApiKeyOf(hash.Hex).BindAsync(new ApiKeyOwner(Id, key.Info.Id));
        Log.KeyMade(logger, key.Info.Id, Id);
        return true;
    }

    public Task<IReadOnlyList<ApiKey>> ListKeysAsync() => Task.FromResult<IReadOnlyList<ApiKey>>(tenant.State.Keys.ConvertAll(
        key => _used.TryGetValue(key.Info.Id, out var at) ? key.Info with { LastUsed = at } : key.Info));

    public async Task<bool> RevokeKeyAsync(string keyId)
    {
        if (tenant.State.FindKey(keyId) is not { } key)
        {
            return false;
        }

        await ApiKeyOf(key.Hash).RevokeAsync();
        tenant.State.Keys.Remove(key);
        _used.Remove(keyId);
        _buckets.Remove(keyId);
        await this.SaveAsync(tenant);
        Log.KeyRevoked(logger, keyId, Id);
        return true;
    }

    public Task<bool> RevokeOwnKeyAsync(string keyId) =>
        tenant.State.Keys is [var only] && only.Info.Id == keyId
            ? throw new RefusedException(
                RefusalKind.Conflict, "This is the last API key of the account: without it nobody could make another. Make a new one with it first, and revoke this one then.")
            : RevokeKeyAsync(keyId);

    private IApiKeyGrain ApiKeyOf(string hash) => GrainFactory.GetGrain<IApiKeyGrain>(new ApiKeyHash(hash).GrainKey);

    private void NoteUse(string keyId, DateTimeOffset now)
    {
        _used[keyId] = now;
        _saveUses ??= this.RegisterGrainTimer(SaveUsesAsync, new GrainTimerCreationOptions(UsesSavedAfter, Timeout.InfiniteTimeSpan));
    }

    private async Task SaveUsesAsync()
    {
        _saveUses?.Dispose();
        _saveUses = null;
        if (tenant.State.Tenant is null)
        {
            return;
        }

        tenant.State.Keys = tenant.State.Keys.ConvertAll(
            key => _used.TryGetValue(key.Info.Id, out var at) ? key with { Info = key.Info with { LastUsed = at } } : key);
        _used.Clear();
        await this.SaveAsync(tenant);
    }
}
