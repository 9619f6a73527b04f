using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Grains.Webhooks;

/// <summary>Reads on where more is known to be.</summary>
internal static class JournalReading
{
    /// <summary>
    /// The next page of a tenant's events. Throws <see cref="InvalidOperationException"/> when the journal shows nothing: to go on from there would leave events out.
    /// </summary>
    public static async Task<EventPage> ReadOnAsync(this IJournalReader journal, TenantId tenant, long after, int size, string? type)
    {
        var page = await journal.ReadEventsAsync(tenant, after, size, type);
        return page.ReadTo > after ? page : throw new InvalidOperationException($"The journal shows nothing after {after}, though more is known to be there.");
    }
}
