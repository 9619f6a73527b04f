using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Grains.Webhooks;

/// <summary>Finds places in a tenant's events by halving: their times rise with their positions, give or take what clocks and commits differ.</summary>
internal sealed class JournalSearch(IJournalReader journal)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    /// <summary>A position before all of the tenant's events that happened at <paramref name="time"/> or later.</summary>
    public async Task<long> BeforeAsync(TenantId tenant, DateTimeOffset time)
    {
        var (low, high) = (0L, await journal.ReadHeadAsync(tenant));
        var sought = time - Slack;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var page = await journal.ReadEventsAsync(tenant, middle, 1);
            if (page.Events is not [var item])
            {
                high = middle; // nothing of the tenant's above
            }
            else if (item.At < sought)
            {
                low = item.Position;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
