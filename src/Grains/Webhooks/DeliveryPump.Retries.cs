using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Deliveries that wait for another attempt, and what waits for them.</summary>
internal sealed partial class DeliveryPump
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(27); // the longest pause of a policy, with its jitter

    private bool _mayBeMore;
    private bool _listing;
    private HashSet<string>? _concluded;

    /// <summary>
    /// Takes up what an earlier activation left: deliveries that wait for a retry (when <paramref name="mayBeMore"/>, the first of them), and positions that are done
    /// although the saved position is before them.
    /// </summary>
    public void Restore(IReadOnlyList<DeliveryRecord> pending, IReadOnlyList<long> done, bool mayBeMore = false)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _lanes.Skip(done);
            _mayBeMore = mayBeMore;
            TakeUp(pending);
            started = Plan();
        }

        Start(started);
    }

    /// <summary>Attempts a delivery once more as soon as there is room, whatever its policy says; <paramref name="row"/> is pending, and on record.</summary>
    public void Redeliver(DeliveryRecord row)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _retries.Add(new Retry(row.Id, row.Position, row.EventAt) { Due = _time.GetTimestamp(), Trigger = AttemptTrigger.Manual });
            started = Plan();
        }

        Start(started);
    }

    /// <summary>What a retry posts, read from the log and the journal; null: there is nothing to post any more.</summary>
    internal async Task<(Posting Posting, DeliveryRecord Row)?> LoadAsync(Retry retry)
    {
        var row = retry.Unwritten ?? await _parts.Store.FindAsync(_target.WebhookId, retry.DeliveryId);
        if (row is not { Status: DeliveryStatus.Pending })
        {
            Forget(retry, row?.Status is null or DeliveryStatus.Delivered ? null : row.EventId); // it got through by another way, or the log was told to forget it
            return null;
        }

        var page = await _parts.Journal.ReadEventsAsync(_target.Tenant, row.Position - 1, 1);
        if (page.Events is [var item] && item.Position == row.Position)
        {
            return (new Posting(item, row.AttemptCount + 1, retry.Trigger, row.Attempts is [.., { Gap: { } gap }] ? gap : null), row);
        }

        Drop(retry, row with { Status = DeliveryStatus.Expired, UpdatedAt = _time.GetUtcNow(), NextAttemptAt = null });
        return null;
    }

    /// <summary>A retry that could not be read waits a little longer; that spends no attempt.</summary>
    internal void PutOff(Retry retry, Exception failure)
    {
        var pause = FirstPause;
        for (var i = 0; i < retry.Misreads && pause < LongestPause; i++)
        {
            pause = Longer(pause);
        }

        Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, pause);
        lock (_gate)
        {
            retry.Misreads++;
            _retries.Add(retry.At(_time.GetTimestamp() + Ticks(pause)));
            Arm(_time.GetTimestamp());
        }
    }

    private Retry? TakeRetry(long now)
    {
        while (_retries.TryTake(now, out var retry))
        {
            if (!_attempted.ContainsKey(retry.DeliveryId))
            {
                return retry;
            }

            _retries.Add(retry.At(now + Ticks(FirstPause))); // a replay, or somebody's wish, is at it
        }

        return null;
    }

    private void TakeUp(IReadOnlyList<DeliveryRecord> pending)
    {
        // Those that held up their charger for long enough hold up nobody any more; of the others the first does.
        var holding = new HashSet<string>();
        if (_target.Policy.StrictOrder)
        {
            var now = _time.GetUtcNow();
            holding.UnionWith(pending.Where(row => row.CreatedAt + _target.Policy.StrictFor > now)
                .GroupBy(row => row.ChargeBoxId).Select(rows => rows.MinBy(row => row.Position)!.Id));
        }

        foreach (var row in pending)
        {
            if (_retries.Has(row.Id) || _attempted.ContainsKey(row.Id) || _concluded?.Contains(row.Id) == true)
            {
                continue;
            }

            var holds = holding.Contains(row.Id) && !_lanes.IsHeld(row.ChargeBoxId);
            _retries.Add(new Retry(row.Id, row.Position, row.EventAt) { Due = DueOf(row), Held = holds ? Hold(_lanes.Hold(row.ChargeBoxId), row, row.CreatedAt) : null });
        }
    }

    // Under the lock: those that did not fit in memory, when some of the others have ended.
    private void ReadPending()
    {
        if (_mayBeMore && !_listing && _retries.Count <= _options.MaxPending / 2)
        {
            (_listing, _concluded) = (true, []);
            ThreadPool.UnsafeQueueUserWorkItem(static pump => _ = pump.ReadPendingAsync(), this, preferLocal: false);
        }
    }

    private Task ReadPendingAsync() => InsistAsync(async () =>
    {
        var most = _options.MaxPending + _retries.Count + _working;
        await _parts.Log.FlushAsync(); // what has ended is not pending any more
        var pending = await _parts.Store.ListPendingAsync(_target.WebhookId, most);
        EndPending(pending, mayBeMore: pending.Count >= most);
    });

    private void EndPending(IReadOnlyList<DeliveryRecord> pending, bool mayBeMore)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            TakeUp(pending);
            (_listing, _concluded, _mayBeMore) = (false, null, mayBeMore);
            started = Plan();
        }

        Start(started);
    }

    private void Forget(Retry retry, string? gap)
    {
        lock (_gate)
        {
            LetGo(retry, gap);
        }
    }

    private void Drop(Retry retry, DeliveryRecord row)
    {
        lock (_gate)
        {
            LetGo(retry, row.EventId);
            Keep(row, null);
        }
    }

    // The place of one that waits for a retry is taken. Should this process die first, it is retried: once too often, and never too seldom.
    private void Supersede(Retry retry)
    {
        _unwritten++;
        LetGo(retry, gap: null);
        var claims = _attempted.TryAdd(retry.DeliveryId, retry.EventAt);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Pump.SupersedeAsync(state.Retry, state.Claims), (Pump: this, Retry: retry, Claims: claims), preferLocal: false);
    }

    private async Task SupersedeAsync(Retry retry, bool claims)
    {
        await InsistAsync(async () =>
        {
            var row = retry.Unwritten ?? await _parts.Store.FindAsync(_target.WebhookId, retry.DeliveryId);
            if (row is { Status: DeliveryStatus.Pending })
            {
                Drop(retry, row with { Status = DeliveryStatus.Superseded, UpdatedAt = _time.GetUtcNow(), NextAttemptAt = null });
            }
        });
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            if (claims)
            {
                _attempted.Remove(retry.DeliveryId);
            }

            _unwritten--;
            DrainedUnderLock();
            started = Plan();
        }

        Start(started);
    }

    private Retry RetryOf(DeliveryRecord row, HeldLane? held, ConflationKey? key) =>
        new(row.Id, row.Position, row.EventAt) { Due = DueOf(row), Held = held, Key = key, Unwritten = row };

    // By the monotonic clock from here on: one that is set back must not put off a retry, nor one that is set forward end its pause.
    private long DueOf(DeliveryRecord row)
    {
        var wait = (row.NextAttemptAt ?? DateTimeOffset.MinValue) - _time.GetUtcNow();
        return _time.GetTimestamp() + (wait <= TimeSpan.Zero ? 0 : Ticks(wait < LongestWait ? wait : LongestWait));
    }

    private HeldLane Hold(DeliveryLane lane, DeliveryRecord row, DateTimeOffset since)
    {
        var left = since + _target.Policy.StrictFor - _time.GetUtcNow();
        return new HeldLane(lane, row.ChargeBoxId, row.EventId, _time.GetTimestamp() + (left <= TimeSpan.Zero ? 0 : Ticks(left)));
    }

    private void LetGo(Retry retry, string? gap)
    {
        if (retry.Held is { } held)
        {
            retry.Held = null;
            _lanes.Release(held.Lane, held.Charger, gap);
        }
    }

    private void LetGo(long now)
    {
        foreach (var held in _retries.LetGo(now))
        {
            _lanes.Release(held.Lane, held.Charger, held.EventId);
        }
    }
}
