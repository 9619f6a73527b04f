using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Reads a replay's events from the journal.</summary>
internal sealed class ReplayPages(IJournalReader journal, IDeliveryStore store)
{
    /// <summary>Events of the tenant that a page has at most.</summary>
    public const int Size = 256;

    private const int Positions = 1_000;

    /// <summary>The next events that a replay wants, and how far they go.</summary>
    public async Task<(List<JournalEvent> Wanted, long ReadTo)> ReadAsync(WebhookTarget target, EventFilter filter, ReplayRun run)
    {
        var after = run.ReadTo;
        var page = await journal.ReadOnAsync(target.Tenant, after, Size, filter.OnlyType);
        var readTo = Math.Min(page.ReadTo, run.UpTo);
        var wanted = page.Events.Where(item => filter.Matches(item) && run.Wants(item)).ToList();
        if (run.Request.MissedOnly && wanted.Count > 0)
        {
            var delivered = await ListDeliveredAsync(target.WebhookId, wanted[0].Position - 1, wanted[^1].Position);
            wanted.RemoveAll(item => delivered.Contains(item.Position));
        }

        return (wanted, readTo);
    }

    private async Task<HashSet<long>> ListDeliveredAsync(string webhookId, long after, long upTo)
    {
        var delivered = new HashSet<long>();
        IReadOnlyList<long> some;
        do
        {
            some = await store.ListPositionsAsync(webhookId, after, upTo, Positions, DeliveryStatus.Delivered);
            delivered.UnionWith(some);
            after = some.Count > 0 ? some[^1] : after;
        }
        while (some.Count == Positions);
        return delivered;
    }
}
