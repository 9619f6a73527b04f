using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

/// <summary>Finds the tenant of a key by the key's hash.</summary>
[GrainType("api-key")]
internal sealed class ApiKeyGrain([PersistentState("api-key", EventStream.ColdStorage)] IPersistentState<ApiKeyState> key) : Grain, IApiKeyGrain
{
    public Task<ApiKeyOwner?> FindAsync()
    {
        if (key.State.Owner is null)
        {
            DeactivateOnIdle(); // guesses must not fill the memory
        }

        return Task.FromResult(key.State.Owner);
    }

    public async Task BindAsync(ApiKeyOwner owner)
    {
        if (key.State.Owner == owner)
        {
            return;
        }

        if (key.State.Owner is not null)
        {
            throw new RefusedException(RefusalKind.Conflict, "This API key is in use already. Choose another, or let one be made.", "key");
        }

        key.State.Owner = owner;
        await this.SaveAsync(key);
    }

    public async Task RevokeAsync()
    {
        if (key.State.Owner is not null)
        {
            await this.EraseAsync(key);
        }
    }
}

/// <summary>What is stored of a key.</summary>
[GenerateSerializer, Alias("capacitor.state.api-key")]
internal sealed class ApiKeyState
{
    /// <summary>Null: unknown or revoked.</summary>
    [Id(0)] public ApiKeyOwner? Owner { get; set; }
}
