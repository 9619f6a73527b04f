using System.Diagnostics.CodeAnalysis;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Storage;

/// <summary>A tenant's page from the events that are in memory.</summary>
internal static class TailPages
{
    public static bool TryRead(
        PartitionTail tail, TenantId tenant, long after, int limit, string? type, ChargeBoxId? charger, int? transaction, [NotNullWhen(true)] out EventPage? page)
    {
        if (!tail.TryRead(after, int.MaxValue, out var events))
        {
            page = null;
            return false;
        }
        List<JournalEvent> found = [];
        foreach (var item in events)
        {
            if (item.Tenant == tenant && (type is null || item.Type == type) && (transaction is null || item.TransactionId == transaction)
                && (charger is null || item.ChargeBoxId.Value.Equals(charger.Value.Value, StringComparison.OrdinalIgnoreCase)))
            {
                found.Add(item);
                if (found.Count == limit)
                {
                    page = new(found, item.Position);
                    return true;
                }
            }
        }
        page = new(found, events.Length == 0 ? after : events[^1].Position);
        return true;
    }
}
