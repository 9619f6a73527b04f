using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

internal sealed partial class DeliveryPump
{
    private const int PageSize = 256;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private async Task ReadAsync()
    {
        var pause = FirstPause;
        while (TryBeginPage(out var after, out var known, out var filter))
        {
            try
            {
                var page = await _journal.ReadEventsAsync(_target.Tenant, after, PageSize, filter.OnlyType);
                EndPage(page, known, filter);
                pause = FirstPause;
            }
            catch (Exception failure)
            {
                Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, pause);
                await Task.Delay(pause, _time);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private bool TryBeginPage(out long after, out long known, out EventFilter filter)
    {
        lock (_gate)
        {
            (after, known, filter) = (_read, _known, _filter);
            return _reading = !_stopped && _known > _read && HasRoom;
        }
    }

    private void EndPage(EventPage page, long known, EventFilter filter)
    {
        // A page that is not full has seen all that was committed before it was asked for, even if that was none of this tenant's.
        var readTo = page.Events.Count < PageSize ? Math.Max(page.ReadTo, known) : page.ReadTo;
        int start;
        lock (_gate)
        {
            if (_stopped || readTo <= _read)
            {
                return;
            }

            var matching = new List<JournalEvent>(page.Events.Count);
            filter.Collect(page.Events, _read, matching);
            Take(matching, readTo);
            start = Plan();
        }

        Start(start);
    }
}
