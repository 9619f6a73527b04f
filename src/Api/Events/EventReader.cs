using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>Reads a tenant's events as a caller selected them.</summary>
internal sealed class EventReader(ITenantRecordsGrain records, EventSelection selection)
{
    private const int ScanSize = 1_000;
    private const int MostScanned = 10;

    public Task<long> ReadHeadAsync() => records.ReadHeadAsync();

    /// <summary>What was selected after <paramref name="after"/>, oldest first, at most <paramref name="limit"/> (1 to 1,000).</summary>
    public async Task<EventPage> ReadAsync(long after, int limit)
    {
        if (selection.HasAnyCustom)
        {
            return await ScanAsync(after, limit);
        }

        if (selection.Types is not { Count: > 1 } types)
        {
            return await records.ReadEventsAsync(after, limit, selection.Types?[0], selection.Charger);
        }

        // The journal knows one name at a time, and looks through what does not match without sending it.
        var pages = await Task.WhenAll(types.Select(type => records.ReadEventsAsync(after, limit, type, selection.Charger)));
        return Merge(pages, limit);
    }

    /// <summary>Reads everything after <paramref name="after"/>, selected or not; waits for <paramref name="patience"/> (at most 20 seconds) when there is nothing yet.</summary>
    public Task<EventPage> AwaitAnyAsync(long after, int limit, TimeSpan patience) => records.AwaitEventsAsync(after, limit, patience);

    /// <summary>What was selected of a page.</summary>
    public IReadOnlyList<JournalEvent> Select(IReadOnlyList<JournalEvent> events) =>
        selection.IsEverything || events.Count == 0 ? events : [.. events.Where(selection.Matches)];

    /// <summary>The position behind which the tenant's events with a higher sequence than this begin; those that were never counted come before all others.</summary>
    public async Task<long> FindSequenceAsync(long sequence)
    {
        var low = 0L;
        var high = await records.ReadHeadAsync();
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var page = await records.ReadEventsAsync(middle, 1, null, null);
            if (page.Events is [var next] && next.Sequence <= sequence)
            {
                low = next.Position;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    // The names are the tenant's own: who wants them all reads everything, for so long, and goes on at the next asking.
    private async Task<EventPage> ScanAsync(long after, int limit)
    {
        List<JournalEvent> found = [];
        for (var page = 0; page < MostScanned; page++)
        {
            var read = await records.ReadEventsAsync(after, ScanSize, null, selection.Charger);
            foreach (var item in read.Events)
            {
                if (selection.Matches(item))
                {
                    found.Add(item);
                    if (found.Count == limit)
                    {
                        return new(found, item.Position);
                    }
                }
            }

            after = Math.Max(after, read.ReadTo);
            if (read.Events.Count < ScanSize)
            {
                break;
            }
        }

        return new(found, after);
    }

    /// <summary>Only up to where all pages have looked: beyond it, one of them may hold what another has not seen yet.</summary>
    private static EventPage Merge(EventPage[] pages, int limit)
    {
        var readTo = pages.Min(page => page.ReadTo);
        var events = pages.SelectMany(page => page.Events).Where(item => item.Position <= readTo).OrderBy(item => item.Position).Take(limit).ToList();
        return new(events, events.Count == limit ? events[^1].Position : readTo);
    }
}
