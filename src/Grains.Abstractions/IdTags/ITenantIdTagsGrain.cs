using Capacitor.Tenants;
using Orleans.Concurrency;

namespace Capacitor.IdTags;

/// <summary>How many id tags a tenant has, and what becomes of those it has not. Key: <see cref="TenantId.GrainKey"/>.</summary>
[Alias("capacitor.ITenantIdTagsGrain")]
public interface ITenantIdTagsGrain : IGrainWithStringKey
{
    /// <summary>Registers a tag within the tier's limit. Throws <see cref="RefusedException"/>: LimitReached, and as <see cref="IIdTagGrain.CreateAsync"/> does.</summary>
    [Alias("Create")]
    Task<IdTag> CreateAsync(NewIdTag tag);

    /// <summary>Removes a tag; false when it is not registered.</summary>
    [Alias("Remove")]
    Task<bool> RemoveAsync(IdTagId tag);

    /// <summary>What every authorization asks first. From memory as a rule; never waits for other calls.</summary>
    [Alias("Look"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<IdTagOutlook> LookAsync();

    /// <summary>Tells what the tenant's setting is now.</summary>
    [Alias("SetUnknown"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task SetUnknownAsync(UnknownIdTagPolicy policy);
}
