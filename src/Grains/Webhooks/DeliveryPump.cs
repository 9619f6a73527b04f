using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// Delivers a webhook's events: pushed ones from memory, missed ones and those that did not fit from the journal, failed ones again as its policy says. Works on
/// the thread pool, so that neither an answer nor a hung endpoint costs a grain's turn.
/// </summary>
internal sealed partial class DeliveryPump
{
    /// <summary>Done events after the first that is not: as many may be repeated after a crash.</summary>
    public const int MaxSpan = 65_536;

    private readonly Lock _gate = new();
    private readonly DeliveryLanes _lanes = new();
    private readonly RetrySet _retries = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DeliveryPumps _parts;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger _logger;

    private EndpointHealth _health;
    private WebhookTarget _target;
    private EventFilter _filter;
    private PumpEnd? _end;
    private DateTimeOffset? _failedFrom;
    private int _working;
    private int _unwritten;
    private bool _isGone;

    /// <summary>Starts at rest: everything up to <paramref name="position"/> is done.</summary>
    public DeliveryPump(WebhookTarget target, EventFilter filter, long position, DeliveryPumps parts)
    {
        (_target, _filter, _parts) = (target, filter, parts);
        _read = _known = position;
        (_options, _time, _metrics, _logger) = (parts.Options, parts.Time, parts.Metrics, parts.Logger);
        _health = new EndpointHealth(_options, _time);
        _lanes.Conflation = Conflation.Of(target.Policy.Conflate);
        _metrics.Track(this);
    }

    /// <summary>Whose webhook it is.</summary>
    public TenantId Tenant => _target.Tenant;

    /// <summary>True while it waits for a slot; of <see cref="SendSlots"/>.</summary>
    internal bool IsWaiting { get; set; }

    /// <summary>True while it waits for its first request; of <see cref="StartLine"/>.</summary>
    internal bool AwaitsStart { get; set; }

    /// <summary>True when a slot is kept for it; of <see cref="SendSlots"/>.</summary>
    internal bool HasTurn { get; set; }

    /// <summary>True when the endpoint has said that it is gone for good and the webhook obeys: nothing more is attempted.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>Everything up to here is done.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
            {
                return PositionUnderLock();
            }
        }
    }

    /// <summary>True while events wait, in memory or in the journal, or something is not on record yet.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Count > 0 || _known > _read || _reading || _retries.Count > 0 || _listing || _working > 0 || _unwritten > 0 || _replay is not null;
            }
        }
    }

    /// <summary>Events in memory, those under way included.</summary>
    public int Waiting => _lanes.Count;

    /// <summary>Requests under way.</summary>
    public int InFlight => _working;

    /// <summary>Events that wait for another attempt.</summary>
    public int Pending => _retries.Count;

    /// <summary>True while the endpoint is left alone.</summary>
    public bool IsOpen => _health.IsOpen;

    /// <summary>How long the oldest event has waited for its first attempt; null when none does.</summary>
    public TimeSpan? Backlog
    {
        get
        {
            lock (_gate)
            {
                return OldestUnderLock() is { } at ? _time.GetUtcNow() - at : null;
            }
        }
    }

    /// <summary>When the oldest event happened that the endpoint should have and does not have; null when there is none.</summary>
    public DateTimeOffset? OldestUndelivered
    {
        get
        {
            lock (_gate)
            {
                return new[] { OldestUnderLock(), _retries.OldestAt, _failedFrom, _attempted.Count == 0 ? null : _attempted.Values.Min() }.Min();
            }
        }
    }

    /// <summary>Since when every attempt has failed, and how many; null when the last one did not. An earlier activation may have known an earlier time.</summary>
    public (DateTimeOffset Since, int Failures)? Failing
    {
        get
        {
            lock (_gate)
            {
                return _health.FailingSince is { } since ? (since, _health.Failures) : null;
            }
        }
    }

    /// <summary>How long offers may stay away, since they would not be kept: what is offered is in the journal too. Null: they are welcome.</summary>
    public TimeSpan? Rest
    {
        get
        {
            lock (_gate)
            {
                var now = _time.GetTimestamp();
                return _health.IsRestingAt(now) ? _health.BlockedAt(now) ?? TimeSpan.Zero : SeemsToHang(now) ? TimeSpan.Zero : null;
            }
        }
    }

    // Under the lock: nothing more is started.
    private bool IsHalted => _end is not null || _isGone;

    /// <summary>How it is doing.</summary>
    public WebhookHealth ReadHealth()
    {
        lock (_gate)
        {
            return new WebhookHealth
            {
                Status = _health.IsOpen ? "open" : _health.FailingSince is null ? "healthy" : "failing",
                FailingSince = _health.FailingSince,
                NextAttemptAt = _health.BlockedAt(_time.GetTimestamp()) is { } pause ? _time.GetUtcNow() + pause : null,
                Concurrency = _health.IsOpen ? 1 : _health.Window,
                InFlight = _working,
                Pending = _retries.Count,
                OldestWaiting = OldestUnderLock(),
            };
        }
    }

    /// <summary>Tells what an earlier activation knew. Before anything is started.</summary>
    public void WasFailing(DateTimeOffset since, int failures)
    {
        lock (_gate)
        {
            _health.Restore(since, failures);
            _failedFrom = since;
        }
    }

    /// <summary>Takes matching events, oldest first; all that matched after <paramref name="after"/> and up to <paramref name="upTo"/>.</summary>
    public void Offer(long after, long upTo, IReadOnlyList<JournalEvent> matching)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _known = Math.Max(_known, upTo);
            if (IsHalted || upTo <= _read)
            {
                return;
            }

            if (after <= _read && HasRoomAt(_time.GetTimestamp()))
            {
                Take(matching, upTo);
            }

            started = Plan();
        }

        Start(started);
    }

    /// <summary>Tells how far the journal reaches, so that what was missed is read.</summary>
    public void CatchUp(long head)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _known = Math.Max(_known, head);
            started = Plan();
        }

        Start(started);
    }

    /// <summary>Events that wait go to the new target too. Of another endpoint nothing is known yet.</summary>
    public void Change(WebhookTarget target, EventFilter filter)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            if (target.Url != _target.Url)
            {
                _health = new EndpointHealth(_options, _time);
                (_failedFrom, _isGone) = (null, false);
            }

            (_target, _filter) = (target, filter);
            _lanes.Conflation = Conflation.Of(target.Policy.Conflate);
            started = Plan();
        }

        Start(started);
    }

    /// <summary>
    /// Starts nothing more and waits for what is to be put on record, at most <paramref name="grace"/>; on a pause also for what is under way. What was not done stays
    /// after <see cref="Position"/>.
    /// </summary>
    public async Task StopAsync(TimeSpan grace, PumpEnd end = PumpEnd.Pause)
    {
        lock (_gate)
        {
            _end ??= end;
            _timer?.Dispose();
            DrainedUnderLock();
        }

        _metrics.Forget(this);
        _parts.Log.Hurry();
        await _drained.Task.WaitAsync(grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return $"webhook {_target.WebhookId}: read to {_read} of {_known}, {_lanes.Count} in memory of which {_lanes.Ready} ready, {_working} under way, "
                + $"{_retries.Count} pending, {_unwritten} to be written, {(_health.IsOpen ? "open" : "closed")}, "
                + $"blocked for {_health.BlockedAt(_time.GetTimestamp())?.ToString() ?? "no time"}, {(_reading ? "reading" : "not reading")}";
        }
    }

    private void DrainedUnderLock()
    {
        if (_unwritten == 0 && _end is { } end && (_working == 0 || end != PumpEnd.Pause))
        {
            _drained.TrySetResult();
        }
    }
}

/// <summary>Why a pump stops.</summary>
internal enum PumpEnd
{
    /// <summary>Another will go on from there: what failed stays pending.</summary>
    Pause = 0,

    /// <summary>The webhook is switched off: what is under way and fails will not be tried again.</summary>
    Rest = 1,

    /// <summary>The webhook is removed: nothing is put on record any more.</summary>
    Remove = 2,
}
