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
        while (TryBeginPage(out var after, out var filter))
        {
            try
            {
                var page = await _journal.ReadEventsAsync(_target.Tenant, after, PageSize, filter.OnlyType);
                if (page.ReadTo <= after)
                {
                    throw new InvalidOperationException($"The journal shows nothing after {after}, though more is known to be there.");
                }

                EndPage(page, filter);
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

    private bool TryBeginPage(out long after, out EventFilter filter)
    {
        lock (_gate)
        {
            (after, filter) = (_read, _filter);
            return _reading = !_stopped && _known > _read && HasRoom;
        }
    }

    private void EndPage(EventPage page, EventFilter filter)
    {
        int start;
        lock (_gate)
        {
            if (_stopped || page.ReadTo <= _read) // what was pushed meanwhile may have come further
            {
                return;
            }

            var matching = new List<JournalEvent>(page.Events.Count);
            filter.Collect(page.Events, _read, matching);
            Take(matching, page.ReadTo);
            start = Plan();
        }

        Start(start);
    }
}
