using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>What is in memory and what is left in the journal.</summary>
internal sealed partial class DeliveryPump
{
    private const int PageSize = 256;
    private const int PageSizeAtRest = 16;

    // What a resting webhook may hold while it looks for one event to try the endpoint with: those before it are held up by others of their chargers.
    private const int MostAtRest = 64;
    private const long MostBytesAtRest = 64 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private long _read;
    private long _known;
    private DateTimeOffset? _shedSince;
    private bool _reading;

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private long PositionUnderLock() => _lanes.Earliest is { } earliest && earliest <= _read ? earliest - 1 : _read;

    private DateTimeOffset? OldestUnderLock() => (_lanes.EarliestAt, _shedSince) switch
    {
        ({ } inMemory, { } shed) => inMemory < shed ? inMemory : shed,
        var (inMemory, shed) => inMemory ?? shed,
    };

    // When there is less room than this, or the endpoint is left alone, events stay in the journal.
    private bool HasRoomAt(long now) =>
        !_health.IsRestingAt(now) && _lanes.Count < _options.MaxWaitingEvents && _lanes.Bytes < _options.MaxWaitingBytes && _lanes.Span < MaxSpan;

    // Reading begins again at half, so that it comes in pages and not event by event.
    private bool HasAmpleRoomAt(long now) => _health.IsRestingAt(now)
        ? _lanes.Ready == 0 && _working == 0 && _lanes.Count < MostAtRest && _lanes.Bytes < MostBytesAtRest
        : _lanes.Count <= _options.MaxWaitingEvents / 2 && _lanes.Bytes <= _options.MaxWaitingBytes / 2 && _lanes.Span < MaxSpan;

    private void Take(IReadOnlyList<JournalEvent> matching, long upTo)
    {
        for (var i = 0; i < matching.Count; i++)
        {
            if (matching[i].Position > _read && _lanes.Add(matching[i])
                && _lanes.Conflation?.KeyOf(matching[i]) is { } key && _retries.Supersede(key, matching[i].Position) is { } older)
            {
                Supersede(older);
            }
        }

        _read = upTo;
        _lanes.Prune(PositionUnderLock());
        if (_read >= _known)
        {
            _shedSince = null;
        }

        foreach (var superseded in _lanes.TakeSuperseded())
        {
            EndUnattempted(superseded, DeliveryStatus.Superseded);
        }
    }

    private void ReadJournal(long now)
    {
        if (!_reading && _known > _read && HasAmpleRoomAt(now) && _health.AllowanceAt(now) > 0 && _retries.Count < _options.MaxPending)
        {
            _reading = true;
            ThreadPool.UnsafeQueueUserWorkItem(static pump => _ = pump.ReadAsync(), this, preferLocal: false);
        }
    }

    private async Task ReadAsync()
    {
        var pause = FirstPause;
        for (var size = PageSizeAtRest; TryBeginPage(ref size, out var after, out var filter); size = Math.Min(size * 2, PageSize))
        {
            try
            {
                EndPage(await _parts.Journal.ReadOnAsync(_target.Tenant, after, size, filter.OnlyType), after, filter);
                pause = FirstPause;
            }
            catch (Exception failure)
            {
                Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, pause);
                await Task.Delay(pause, _time);
                pause = Longer(pause);
            }
        }
    }

    // Tries again what fails, later and later, until it is done or wanted no more.
    private async Task InsistAsync(Func<Task> read, Func<bool>? isWanted = null)
    {
        var pause = FirstPause;
        while (_end is null && isWanted?.Invoke() != false)
        {
            try
            {
                await read();
                return;
            }
            catch (Exception failure)
            {
                Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, pause);
                await Task.Delay(pause, _time);
                pause = Longer(pause);
            }
        }
    }

    private bool TryBeginPage(ref int size, out long after, out EventFilter filter)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            size = _health.IsRestingAt(now) ? size : PageSize; // it takes one event
            (after, filter) = (_read, _filter);
            _reading = !IsHalted && _known > _read && _health.AllowanceAt(now) > 0 && (HasRoomAt(now) || HasAmpleRoomAt(now));
            if (!_reading && !IsHalted)
            {
                Arm(now); // what stopped it may be a pause
            }

            return _reading;
        }
    }

    private void EndPage(EventPage page, long after, EventFilter filter)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            if (IsHalted || page.ReadTo <= _read || after > _read) // what was pushed meanwhile may have come further; what was given up must be read again
            {
                return;
            }

            var matching = new List<JournalEvent>(page.Events.Count);
            filter.Collect(page.Events, _read, matching);
            if (_health.IsRestingAt(_time.GetTimestamp()) && UpToOneThatCanStart(matching) is var some && some < matching.Count)
            {
                Take(matching[..some], matching[some - 1].Position);
            }
            else
            {
                Take(matching, page.ReadTo);
            }

            started = Plan();
        }

        Start(started);
    }

    private int UpToOneThatCanStart(List<JournalEvent> matching)
    {
        var first = matching.FindIndex(item => !_lanes.IsHeld(item.ChargeBoxId) && !_lanes.IsDone(item.Position));
        return Math.Min(first < 0 ? matching.Count : first + 1, MostAtRest);
    }

    private void Shed()
    {
        var (oldest, upTo) = (_lanes.EarliestAt, _read);
        if (_lanes.Shed() is { } before)
        {
            (_read, _known) = (Math.Min(_read, before), Math.Max(_known, upTo));
            _shedSince ??= oldest;
        }

        while (_spare.TryPop(out var worker))
        {
            worker.Dispose();
        }
    }
}
