using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

internal sealed partial class DeliveryPump
{
    private const int PageSize = 256;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(27); // the longest pause of a policy, with its jitter

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

                EndPage(page, after, filter);
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
            _reading = !_stopped && _known > _read && _health.Allowance > 0 && (HasRoom || HasAmpleRoom);
            if (!_reading && !_stopped)
            {
                Arm(); // what stopped it may be a pause
            }

            return _reading;
        }
    }

    private void EndPage(EventPage page, long after, EventFilter filter)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            if (_stopped || page.ReadTo <= _read || after > _read) // what was pushed meanwhile may have come further; what was given up must be read again
            {
                return;
            }

            var matching = new List<JournalEvent>(page.Events.Count);
            filter.Collect(page.Events, _read, matching);
            if (_health.IsOpen && matching.Count > 1)
            {
                Take([matching[0]], matching[0].Position);
            }
            else
            {
                Take(matching, page.ReadTo);
            }

            started = Plan();
        }

        Start(started);
    }
}
