using Capacitor.Api.Records;
using Capacitor.Events;
using Capacitor.IdTags;
using Capacitor.Ocpp.V16;
using Capacitor.Records;
using Capacitor.Tenants;
using Orleans.Serialization;

namespace Capacitor.Api.IdTags;

/// <summary>A tag of a charger's local authorization list, with what the charger is to think of it.</summary>
internal sealed record LocalListEntry(string IdTag, IdTagInfo IdTagInfo);

/// <summary>Makes the local authorization list of a tenant's tags: what Authorize would answer at this moment, tag by tag.</summary>
internal sealed class LocalListBuilder(IGrainFactory grains, Serializer serializer, TimeProvider time)
{
    /// <summary>The most tags of a list: some 200 KiB, which is more than most chargers take (their key SendLocalListMaxLength).</summary>
    public const int MostTags = 2_000;

    private const int PageSize = 200;

    /// <summary>The whole list. Throws <see cref="RefusedException"/> (Conflict) when the tenant has more than <see cref="MostTags"/>.</summary>
    public async Task<IReadOnlyList<LocalListEntry>> BuildAsync(TenantId tenant)
    {
        var tags = new Dictionary<string, IdTag>(StringComparer.OrdinalIgnoreCase);
        var records = grains.GetGrain<ITenantRecordsGrain>(tenant.GrainKey);
        var filter = new RecordFilter { Kind = RecordKinds.IdTag };
        for (var offset = 0; ; offset += PageSize)
        {
            var page = await records.ListRecordsAsync(filter, PageSize, offset);
            if (page.Total > MostTags)
            {
                throw new RefusedException(
                    RefusalKind.Conflict, $"The account has {page.Total} id tags; a list is made of up to {MostTags}. Give the localAuthorizationList yourself, with those that this charger needs.");
            }

            foreach (var row in page.Items)
            {
                tags[row.Key.Id] = serializer.Read<IdTag>(row); // by its key: a tag that a new one moved to the next page comes twice
            }

            if (page.Items.Count < PageSize)
            {
                break;
            }
        }

        var now = time.GetUtcNow();
        return [.. tags.Values.OrderBy(tag => tag.Text, StringComparer.Ordinal).Select(tag => new LocalListEntry(tag.Text, new IdTagInfo
        {
            Status = Standing(tag, tags, now).ToString(),
            ExpiryDate = tag.ExpiresAt,
            ParentIdTag = tag.ParentIdTag,
        }))];
    }

    private static IdTagStanding Standing(IdTag tag, Dictionary<string, IdTag> tags, DateTimeOffset now)
    {
        var own = tag.StandingAt(now);
        return own == IdTagStanding.Accepted && tag.ParentIdTag is { } parent && tags.TryGetValue(parent, out var group) ? group.StandingAt(now) : own;
    }
}
