using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

internal sealed partial class DeliveryPump
{
    /// <summary>Takes up what an earlier activation left: deliveries that wait for a retry, and positions that are done although the saved position is before them.</summary>
    public void Restore(IReadOnlyList<DeliveryRecord> pending, IReadOnlyList<long> done)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _lanes.Skip(done);
            foreach (var row in pending)
            {
                var held = _target.Policy.StrictOrder && !_lanes.IsHeld(row.ChargeBoxId) ? Hold(_lanes.Hold(row.ChargeBoxId), row, row.CreatedAt) : null;
                _retries.Add(new Retry
                {
                    Position = row.Position,
                    DeliveryId = row.Id,
                    Due = DueOf(row),
                    Trigger = AttemptTrigger.Auto,
                    Held = held,
                });
            }

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
            var held = _retries.Remove(row.Id)?.Held;
            _retries.Add(new Retry { Position = row.Position, DeliveryId = row.Id, Due = _time.GetTimestamp(), Trigger = AttemptTrigger.Manual, Held = held });
            started = Plan();
        }

        Start(started);
    }

    /// <summary>Where an attempt is to go. Events that wait go to a new target, too.</summary>
    internal WebhookTarget Target
    {
        get
        {
            lock (_gate)
            {
                return _target;
            }
        }
    }

    /// <summary>The time provider's, now.</summary>
    internal long Timestamp => _time.GetTimestamp();

    /// <summary>What an attempt may take.</summary>
    internal TimeSpan TimeoutOf(WebhookTarget target) => target.Policy.Timeout ?? _options.Timeout;

    /// <summary>What a retry posts, read from the log and the journal; null: there is nothing to post any more.</summary>
    internal async Task<(Posting Posting, DeliveryRecord Row)?> LoadAsync(Retry retry)
    {
        var row = retry.Unwritten ?? await _parts.Store.FindAsync(_target.WebhookId, retry.DeliveryId);
        if (row is null)
        {
            return null; // the log was told to forget it
        }

        var page = await _journal.ReadEventsAsync(_target.Tenant, row.Position - 1, 1);
        if (page.Events is [var item] && item.Position == row.Position)
        {
            return (new Posting(item, row.AttemptCount + 1, retry.Trigger), row);
        }

        Drop(retry, row with { Status = DeliveryStatus.Expired, UpdatedAt = _time.GetUtcNow(), NextAttemptAt = null });
        return null;
    }

    /// <summary>A retry that could not be read waits a little longer; that spends no attempt.</summary>
    internal void PutOff(Retry retry, Exception failure)
    {
        Log.ReadFailed(_logger, failure, _target.WebhookId, _target.Tenant.Value, FirstPause);
        lock (_gate)
        {
            _retries.Add(new Retry
            {
                Position = retry.Position, DeliveryId = retry.DeliveryId, Due = _time.GetTimestamp() + Ticks(FirstPause), Trigger = retry.Trigger,
                Held = retry.Held, Key = retry.Key, Unwritten = retry.Unwritten,
            });
            Arm();
        }
    }

    /// <summary>Takes the end of an attempt.</summary>
    internal void Conclude(Job job, WebhookTarget target, Posting posting, DeliveryRecord? before, AttemptResult result, long began)
    {
        Report(posting.Event, target, result.Outcome);
        var isGone = result.Outcome is DeliveryOutcome.Rejected { Status: 410 } && target.Policy.Retry is not null;
        lock (_gate)
        {
            if (_health.Report(result, began, _working - 1, target.Policy))
            {
                Shed();
            }

            var row = Judge(job, target, posting, before, result, isGone);
            switch (job)
            {
                case Delivery delivery:
                    End(delivery, target, row);
                    break;
                case Retry retry:
                    End(retry, row);
                    break;
                case ReplayDelivery replayed:
                    End(replayed, row, result.Outcome is DeliveryOutcome.Delivered);
                    break;
                default:
                    break;
            }
        }

        if (isGone)
        {
            OnGone?.Invoke();
        }
    }

    private DeliveryRecord Judge(Job job, WebhookTarget target, Posting posting, DeliveryRecord? before, AttemptResult result, bool isGone)
    {
        var now = _time.GetUtcNow();
        var attempts = (before?.AttemptCount ?? 0) + 1;
        var budget = before?.Budget ?? target.Policy.Retry?.MaxAttempts ?? 1;
        var status = (result.Outcome, job) switch
        {
            (DeliveryOutcome.Delivered, _) => DeliveryStatus.Delivered,
            (_, ReplayDelivery) => before?.Status ?? DeliveryStatus.Exhausted,
            _ => attempts < budget && !isGone && !_stopped ? DeliveryStatus.Pending : DeliveryStatus.Exhausted,
        };
        var next = status is not DeliveryStatus.Pending ? (DateTimeOffset?)null
            : job is ReplayDelivery ? before?.NextAttemptAt
            : now + RetrySchedule.After(target.Policy.Retry ?? AsMany(budget), attempts, result.RetryAfter, Random.Shared.NextDouble());
        var kept = before is null ? [result.Attempt] : new List<DeliveryAttempt>([.. before.Attempts, result.Attempt]);
        return RowOf(posting.Event, target) with
        {
            Status = status,
            CreatedAt = before?.CreatedAt ?? result.Attempt.At,
            UpdatedAt = now,
            NextAttemptAt = next,
            AttemptCount = attempts,
            Budget = Math.Max(budget, attempts),
            Attempts = kept.Count > DeliveryRecord.MostAttempts ? kept.GetRange(kept.Count - DeliveryRecord.MostAttempts, DeliveryRecord.MostAttempts) : kept,
        };
    }

    private static RetryPolicy AsMany(int attempts) => new() { MaxAttempts = attempts };

    private DeliveryRecord RowOf(JournalEvent item, WebhookTarget target)
    {
        var now = _time.GetUtcNow();
        return new DeliveryRecord
        {
            Id = DeliveryId.Derive(target.WebhookId, item.Id, item.Position),
            WebhookId = target.WebhookId,
            Tenant = target.Tenant,
            Position = item.Position,
            EventId = item.Id,
            EventType = item.Type,
            ChargeBoxId = item.ChargeBoxId,
            EventAt = item.At,
            Status = DeliveryStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            AttemptCount = 0,
            Budget = target.Policy.Retry?.MaxAttempts ?? 1,
            ExpiresAt = now + target.LogRetention,
        };
    }

    private void End(Delivery delivery, WebhookTarget target, DeliveryRecord row)
    {
        var holds = row.Status == DeliveryStatus.Pending && target.Policy.StrictOrder;
        if (row.Status == DeliveryStatus.Pending)
        {
            var retry = RetryOf(row, holds ? Hold(delivery.Lane, row, _time.GetUtcNow()) : null, AttemptTrigger.Auto, _lanes.Conflation?.KeyOf(delivery.Event));
            _retries.Add(retry);
            Keep(row, delivery, retry);
        }
        else
        {
            Keep(row, delivery);
        }

        if (!holds)
        {
            _lanes.Release(delivery);
        }
    }

    private void End(Retry retry, DeliveryRecord row)
    {
        if (row.Status == DeliveryStatus.Pending)
        {
            var held = retry.Held is { } still && still.Until > _time.GetTimestamp() ? still : null;
            if (held is null)
            {
                LetGo(retry, row.EventId);
            }

            var next = RetryOf(row, held, AttemptTrigger.Auto, retry.Key);
            _retries.Add(next);
            Keep(row, null, next);
            return;
        }

        LetGo(retry, row.Status == DeliveryStatus.Delivered ? null : row.EventId);
        Keep(row, null);
    }

    // What was decided without an attempt: too old, or its place taken.
    private void EndUnattempted(Delivery delivery, DeliveryStatus status) => Keep(RowOf(delivery.Event, _target) with { Status = status }, delivery);

    private void Drop(Retry retry, DeliveryRecord row)
    {
        lock (_gate)
        {
            LetGo(retry, row.EventId);
            Keep(row, null);
        }
    }

    // The place of one that waits for a retry is taken. Should this process die first, it is retried: once too often, and never too seldom.
    private void Supersede(Retry retry) => _ = SupersedeAsync(retry);

    private async Task SupersedeAsync(Retry retry)
    {
        try
        {
            if ((retry.Unwritten ?? await _parts.Store.FindAsync(_target.WebhookId, retry.DeliveryId)) is { } row)
            {
                Drop(retry, row with { Status = DeliveryStatus.Superseded, UpdatedAt = _time.GetUtcNow(), NextAttemptAt = null });
            }
        }
        catch (Exception failure)
        {
            PutOff(retry, failure);
        }
    }

    private Retry RetryOf(DeliveryRecord row, HeldLane? held, AttemptTrigger trigger, ConflationKey? key) => new()
    {
        Position = row.Position, DeliveryId = row.Id, Due = DueOf(row), Trigger = trigger, Held = held, Key = key, Unwritten = row,
    };

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

    private void LetGo()
    {
        foreach (var held in _retries.LetGo(_time.GetTimestamp()))
        {
            _lanes.Release(held.Lane, held.Charger, held.EventId);
        }
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

    private void Keep(DeliveryRecord row, Delivery? delivery, Retry? retry = null)
    {
        _unwritten++;
        _parts.Log.Add(row, static state => ((Kept)state).Settle(), new Kept(this, delivery, retry));
    }

    private sealed record Kept(DeliveryPump Pump, Delivery? Delivery, Retry? Retry)
    {
        public void Settle() => Pump.Settle(Delivery, Retry);
    }

    private void Settle(Delivery? delivery, Retry? retry)
    {
        List<DeliveryWorker>? started = null;
        lock (_gate)
        {
            _unwritten--;
            if (retry is not null)
            {
                retry.Unwritten = null;
            }

            if (delivery is not null)
            {
                _lanes.Settle(delivery);
            }

            DrainedUnderLock();
            if (_known > _read && !_reading)
            {
                started = Plan();
            }
        }

        Start(started);
    }
}
