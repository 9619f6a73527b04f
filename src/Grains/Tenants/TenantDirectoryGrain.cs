using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

/// <summary>Remembers which tenants there are. May name one that is half made or half removed: whoever lists asks the tenant.</summary>
[GrainType("tenant-directory")]
internal sealed class TenantDirectoryGrain([PersistentState("tenant-directory", EventStream.ColdStorage)] IPersistentState<TenantDirectoryState> directory)
    : Grain, ITenantDirectoryGrain
{
    public Task<IReadOnlyList<TenantId>> ListAsync() => Task.FromResult<IReadOnlyList<TenantId>>([.. directory.State.Tenants]);

    public async Task AddAsync(TenantId tenant)
    {
        if (!directory.State.Tenants.Contains(tenant))
        {
            directory.State.Tenants.Add(tenant);
            await this.SaveAsync(directory);
        }
    }

    public async Task RemoveAsync(TenantId tenant)
    {
        if (directory.State.Tenants.Remove(tenant))
        {
            await this.SaveAsync(directory);
        }
    }
}

/// <summary>What is stored of the directory.</summary>
[GenerateSerializer, Alias("capacitor.state.tenant-directory")]
internal sealed class TenantDirectoryState
{
    /// <summary>In the order they were made.</summary>
    [Id(0)] public List<TenantId> Tenants { get; set; } = [];
}
