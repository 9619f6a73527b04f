using Capacitor.Events;
using Capacitor.Grains.Tenants;
using Capacitor.IdTags;
using Capacitor.Records;
using Capacitor.Tenants;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.IdTags;

/// <summary>Counts a tenant's tags, all of which are registered and removed through it, and knows what becomes of unknown ones. Keeps nothing but what can be read again.</summary>
[GrainType("tenant-id-tags")]
internal sealed class TenantIdTagsGrain(IJournalReader journal, IOptions<TierOptions> tiers, TimeProvider time) : Grain, ITenantIdTagsGrain
{
    // For what a call that was lost may have changed without telling.
    private static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    // Null: not known, or no longer sure.
    private int? _tags;
    private UnknownIdTagPolicy? _unknown;
    private Task<IdTagOutlook>? _outlook;
    private DateTimeOffset _readAt;
    private int _changes;

    private TenantId Tenant => TenantId.FromGrainKey(this.GetPrimaryKeyString());

    private ITenantGrain Owner => GrainFactory.GetGrain<ITenantGrain>(this.GetPrimaryKeyString());

    public async Task<IdTag> CreateAsync(NewIdTag tag)
    {
        var id = IdTagRules.ReadId(Tenant, tag.Text);
        if (await Owner.FindAsync() is not { } owner)
        {
            throw new RefusedException(RefusalKind.Forbidden, $"The tenant {Tenant} does not exist: no id tag can be registered.");
        }

        var registered = _tags ?? await CountAsync();
        if (tiers.Value.Of(owner.Tier).MostIdTags is { } most && registered >= most
            && await GrainFactory.GetGrain<IIdTagGrain>(id.GrainKey).FindAsync() is null) // one that exists is refused as that
        {
            throw Full(owner.Tier, most);
        }

        Know(null);
        var made = await GrainFactory.GetGrain<IIdTagGrain>(id.GrainKey).CreateAsync(tag);
        Know(registered + 1);
        return made;
    }

    public async Task<bool> RemoveAsync(IdTagId tag)
    {
        var registered = _tags;
        Know(null);
        var removed = await GrainFactory.GetGrain<IIdTagGrain>(tag.GrainKey).RemoveAsync();
        Know(removed ? registered - 1 : registered);
        return removed;
    }

    public Task<IdTagOutlook> LookAsync() =>
        _outlook is not null && time.GetUtcNow() - _readAt < Trusted ? _outlook : ReadAsync();

    public Task SetUnknownAsync(UnknownIdTagPolicy policy)
    {
        _changes++;
        _unknown = policy;
        _outlook = null;
        return Task.CompletedTask;
    }

    private async Task<IdTagOutlook> ReadAsync()
    {
        var changes = _changes;
        var unknown = (await Owner.FindAsync())?.UnknownIdTagPolicy ?? UnknownIdTagPolicy.Accept;
        var tags = _tags is > 0 ? _tags.Value : await CountAsync();
        var outlook = new IdTagOutlook(tags > 0, unknown);
        if (changes != _changes)
        {
            // Something was changed meanwhile, which was read or not: good for who asked before it was, and for nobody after.
            return outlook with { Unknown = _unknown ?? unknown, HasTags = outlook.HasTags || _tags is null or > 0 };
        }

        (_tags, _unknown, _readAt) = (tags, unknown, time.GetUtcNow());
        _outlook = Task.FromResult(outlook);
        return outlook;
    }

    private void Know(int? tags)
    {
        _changes++;
        _tags = tags;
        _outlook = null;
    }

    private async Task<int> CountAsync() => (await journal.ListRecordsAsync(Tenant, new RecordFilter { Kind = RecordKinds.IdTag }, 1, 0)).Total;

    private RefusedException Full(Tier tier, int most)
    {
        var refusal = $"The {tier} tier allows {most} id tags, and that many are registered.";
        return new(RefusalKind.LimitReached, tiers.Value.WithMoreIdTagsThan(most) is { } larger
            ? $"{refusal} Remove one, or change to the {larger} tier, which allows {(tiers.Value.Of(larger).MostIdTags is { } more ? $"{more}" : "any number")}."
            : $"{refusal} Remove one first.", "idTag");
    }
}
