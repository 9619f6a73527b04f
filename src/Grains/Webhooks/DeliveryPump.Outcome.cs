using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>What becomes of an attempt.</summary>
internal sealed partial class DeliveryPump
{
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

    /// <summary>Takes the end of an attempt.</summary>
    internal void Conclude(Job job, WebhookTarget target, Posting posting, DeliveryRecord? before, AttemptResult result, long began)
    {
        Report(posting.Event, target, result.Outcome);
        if (posting.Gap is { } gap)
        {
            result = result with { Attempt = result.Attempt with { Gap = gap } };
        }

        var isGone = result.Outcome is DeliveryOutcome.Rejected { Status: 410 } && target.Policy.Retry is not null;
        lock (_gate)
        {
            if (target.Url == _target.Url) // what another endpoint said of itself says nothing of this one
            {
                Judge(posting.Event, target.Policy, result, began);
                _isGone |= isGone;
            }

            var row = RowOf(job, target, posting, before, result, isGone);
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
    }

    // What the attempt says of the endpoint.
    private void Judge(JournalEvent item, WebhookPolicy policy, AttemptResult result, long began)
    {
        var rested = _health.IsRestingAt(_time.GetTimestamp());
        _health.Report(result, began, _working - 1, policy);
        if (!rested && _health.IsRestingAt(_time.GetTimestamp()))
        {
            Shed();
        }

        _failedFrom = _health.FailingSince is null ? null : _failedFrom is { } earlier && earlier < item.At ? earlier : item.At;
    }

    private DeliveryRecord RowOf(Job job, WebhookTarget target, Posting posting, DeliveryRecord? before, AttemptResult result, bool isGone)
    {
        var now = _time.GetUtcNow();
        var attempts = (before?.AttemptCount ?? 0) + 1;
        var budget = before?.Budget ?? target.Policy.Retry?.MaxAttempts ?? 1;
        if (job is ReplayDelivery && before is { Status: DeliveryStatus.Pending })
        {
            budget++; // it spends nothing of what the retries may have
        }

        var isAskedFor = job.DeliveryId is { } id && _retries.Find(id) is { Trigger: AttemptTrigger.Manual };
        if (isAskedFor && !isGone)
        {
            budget = Math.Max(budget, attempts + 1); // somebody wished for one more while this one was under way
        }

        var status = StatusOf(job, isAskedFor ? DeliveryStatus.Pending : before?.Status, result.Outcome, isLast: attempts >= budget || isGone);
        var next = status is not DeliveryStatus.Pending ? (DateTimeOffset?)null
            : job is ReplayDelivery ? before?.NextAttemptAt ?? now
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

    private DeliveryStatus StatusOf(Job job, DeliveryStatus? before, DeliveryOutcome outcome, bool isLast) => (outcome, job) switch
    {
        (DeliveryOutcome.Delivered, _) => DeliveryStatus.Delivered,
        (_, ReplayDelivery) => before ?? DeliveryStatus.Exhausted,
        _ when isLast => DeliveryStatus.Exhausted,
        _ when _end is PumpEnd.Rest => DeliveryStatus.Expired,
        _ => DeliveryStatus.Pending,
    };

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
            var held = holds ? Hold(delivery.Lane, row, _time.GetUtcNow()) : null;
            Keep(row, delivery, _retries.Add(RetryOf(row, held, _lanes.Conflation?.KeyOf(delivery.Event))));
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

            Keep(row, null, _retries.Add(RetryOf(row, held, retry.Key)));
            return;
        }

        LetGo(retry, row.Status == DeliveryStatus.Delivered ? null : row.EventId);
        Keep(row, null);
    }

    // What was decided without an attempt: too old, or its place taken.
    private void EndUnattempted(Delivery delivery, DeliveryStatus status) => Keep(RowOf(delivery.Event, _target) with { Status = status }, delivery);

    private Delivery? TakeLive()
    {
        while (_lanes.TryStart(out var delivery))
        {
            if (_time.GetUtcNow() - delivery.Event.At <= _options.MaxEventAge)
            {
                return delivery;
            }

            EndUnattempted(delivery, DeliveryStatus.Expired);
            _lanes.Release(delivery);
        }

        return null;
    }

    private void Keep(DeliveryRecord row, Delivery? delivery, Retry? retry = null)
    {
        if (_end is PumpEnd.Remove)
        {
            return; // it would come back to the log after everything was removed from it
        }

        _unwritten++;
        _concluded?.Add(row.Id);
        _parts.Log.Add(row, static (state, isKept) => ((Kept)state).Settle(isKept), new Kept(this, row, delivery, retry));
    }

    private sealed record Kept(DeliveryPump Pump, DeliveryRecord Row, Delivery? Delivery, Retry? Retry)
    {
        public void Settle(bool isKept) => Pump.Settle(isKept ? Row : null, Delivery, Retry);
    }

    // Without a row: the log gave it up, so that the retry must keep it.
    private void Settle(DeliveryRecord? row, Delivery? delivery, Retry? retry)
    {
        List<DeliveryWorker>? started = null;
        lock (_gate)
        {
            _unwritten--;
            if (row is not null && retry is not null && ReferenceEquals(retry.Unwritten, row))
            {
                retry.Unwritten = null;
            }

            if (delivery is not null)
            {
                _lanes.Settle(delivery);
            }

            DrainedUnderLock();
            if ((_known > _read && !_reading) || _replay is not null)
            {
                started = Plan();
            }
        }

        Start(started);
    }
}
