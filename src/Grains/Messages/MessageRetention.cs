using System.Collections.Concurrent;
using Capacitor.Grains.Tenants;
using Capacitor.Messages;
using Capacitor.Tenants;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Messages;

/// <summary>How many days a tenant's messages are kept, by its tier; asked for now and then.</summary>
internal sealed class MessageRetention(IGrainFactory grains, IOptions<TierOptions> tiers, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (int Days, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The days of each tenant that has messages among these.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindAsync(IReadOnlyList<MessageBlock> blocks)
    {
        var now = time.GetUtcNow();
        var days = await Task.WhenAll(TenantsOf(blocks).Select(async tenant =>
            (tenant, _known.TryGetValue(tenant, out var known) && known.Until > now ? known.Days : await AskAsync(tenant, now))));
        return days.ToDictionary(StringComparer.Ordinal);
    }

    private async Task<int> AskAsync(string id, DateTimeOffset now)
    {
        var tenant = await grains.GetGrain<ITenantGrain>(new TenantId(id).GrainKey).FindAsync();
        var days = tiers.Value.Of(tenant?.Tier ?? Tier.Free).MessageLogDays; // a tenant that is gone has nobody who could look
        _known[id] = (days, now + Fresh);
        return days;
    }

    private static HashSet<string> TenantsOf(IReadOnlyList<MessageBlock> blocks)
    {
        HashSet<string> tenants = new(StringComparer.Ordinal);
        foreach (var block in blocks)
        {
            string? last = null;
            foreach (ref readonly var entry in block.Entries.Span)
            {
                if (!ReferenceEquals(entry.Tenant, last))
                {
                    tenants.Add(last = entry.Tenant);
                }
            }
        }

        return tenants;
    }
}
