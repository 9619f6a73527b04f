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

    private const int MaxSpareWorkers = 16;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly DeliveryLanes _lanes = new();
    private readonly RetrySet _retries = new();
    private readonly EndpointHealth _health;
    private readonly Stack<DeliveryWorker> _spare = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DeliveryPumps _parts;
    private readonly IJournalReader _journal;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger _logger;

    private WebhookTarget _target;
    private EventFilter _filter;
    private ITimer? _timer;
    private long _armedFor = long.MaxValue;
    private string _told = DeliveryOutcome.DeliveredWord;
    private long _toldAt;
    private long _read;
    private long _known;
    private DateTimeOffset? _shedSince;
    private int _working;
    private int _retrying;
    private int _replaying;
    private int _unwritten;
    private bool _reading;
    private bool _usesOwnSlot;
    private bool _stopped;

    /// <summary>Starts at rest: everything up to <paramref name="position"/> is done.</summary>
    public DeliveryPump(WebhookTarget target, EventFilter filter, long position, DeliveryPumps parts)
    {
        (_target, _filter, _parts) = (target, filter, parts);
        _read = _known = position;
        (_journal, _options, _time, _metrics, _logger) = (parts.Journal, parts.Options, parts.Time, parts.Metrics, parts.Logger);
        _health = new EndpointHealth(_options, _time);
        _lanes.Conflation = Conflation.Of(target.Policy.Conflate);
        _metrics.Track(this);
    }

    /// <summary>Whose webhook it is.</summary>
    public TenantId Tenant => _target.Tenant;

    /// <summary>Called once, when the endpoint has said that it is gone for good and the webhook obeys.</summary>
    public Action? OnGone { get; set; }

    /// <summary>True while it waits for a slot; of <see cref="SendSlots"/>.</summary>
    internal bool IsWaiting { get; set; }

    /// <summary>True when a slot is kept for it; of <see cref="SendSlots"/>.</summary>
    internal bool HasTurn { get; set; }

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
                return _lanes.Count > 0 || _known > _read || _reading || _retries.Count > 0 || _working > 0 || _unwritten > 0 || _replay is not null;
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

    // When there is less room than this, or the endpoint is left alone, events stay in the journal.
    private bool HasRoom => !_health.IsOpen && _lanes.Count < _options.MaxWaitingEvents && _lanes.Bytes < _options.MaxWaitingBytes && _lanes.Span < MaxSpan;

    // Reading begins again at half, so that it comes in pages and not event by event.
    private bool HasAmpleRoom => _health.IsOpen
        ? _lanes.Count == 0
        : _lanes.Count <= _options.MaxWaitingEvents / 2 && _lanes.Bytes <= _options.MaxWaitingBytes / 2 && _lanes.Span < MaxSpan;

    /// <summary>How it is doing.</summary>
    public WebhookHealth ReadHealth()
    {
        lock (_gate)
        {
            return new WebhookHealth
            {
                Status = _health.IsOpen ? "open" : _health.FailingSince is null ? "healthy" : "failing",
                FailingSince = _health.FailingSince,
                NextAttemptAt = _health.Blocked is { } pause ? _time.GetUtcNow() + pause : null,
                Concurrency = _health.IsOpen ? 1 : _health.Window,
                InFlight = _working,
                Pending = _retries.Count,
                OldestWaiting = OldestUnderLock(),
            };
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

    /// <summary>Tells what an earlier activation knew.</summary>
    public void WasFailing(DateTimeOffset since, int failures)
    {
        lock (_gate)
        {
            _health.Restore(since, failures);
        }
    }

    /// <summary>Takes matching events, oldest first; all that matched after <paramref name="after"/> and up to <paramref name="upTo"/>.</summary>
    public void Offer(long after, long upTo, IReadOnlyList<JournalEvent> matching)
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _known = Math.Max(_known, upTo);
            if (_stopped || upTo <= _read)
            {
                return;
            }

            if (after <= _read && HasRoom)
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

    /// <summary>Events that wait go to the new target too.</summary>
    public void Change(WebhookTarget target, EventFilter filter)
    {
        lock (_gate)
        {
            (_target, _filter) = (target, filter);
            _lanes.Conflation = Conflation.Of(target.Policy.Conflate);
        }
    }

    /// <summary>
    /// Starts nothing more and waits for what is under way and for its record, at most <paramref name="grace"/>. What was not done stays after <see cref="Position"/>.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        lock (_gate)
        {
            _stopped = true;
            _timer?.Dispose();
            DrainedUnderLock();
        }

        _metrics.Forget(this);
        _parts.Log.Hurry();
        await _drained.Task.WaitAsync(grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>A worker's next job, its last one being done; null sends the worker home.</summary>
    internal Job? Next(DeliveryWorker worker, Job done)
    {
        Job? next;
        List<DeliveryWorker>? started;
        _parts.Slots.Return(this, done.Slot); // not under the lock: another pump's turn may come
        lock (_gate)
        {
            Count(done, -1);
            next = Pick();
            if (next is null)
            {
                Leave(worker);
            }

            started = Plan(); // there may be room for more than there was, or a pause to wait for
        }

        Start(started);
        return next;
    }

    /// <summary>A slot is kept for this webhook: true when it has a use for it.</summary>
    internal bool TakeTurn()
    {
        DeliveryWorker? worker = null;
        lock (_gate)
        {
            if (Pick() is { } job)
            {
                worker = WorkerFor(job);
            }

            HasTurn = false;
        }

        if (worker is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(worker, preferLocal: false);
        }

        return worker is not null;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return $"webhook {_target.WebhookId}: read to {_read} of {_known}, {_lanes.Count} in memory of which {_lanes.Ready} ready, {_working} under way, "
                + $"{_retries.Count} pending, {_unwritten} to be written, {(_health.IsOpen ? "open" : "closed")}, blocked for {_health.Blocked?.ToString() ?? "no time"}, "
                + $"{(_reading ? "reading" : "not reading")}";
        }
    }

    private static void Start(List<DeliveryWorker>? workers)
    {
        if (workers is not null)
        {
            foreach (var worker in workers)
            {
                ThreadPool.UnsafeQueueUserWorkItem(worker, preferLocal: false);
            }
        }
    }

    private long PositionUnderLock() => _lanes.Earliest is { } earliest && earliest <= _read ? earliest - 1 : _read;

    private DateTimeOffset? OldestUnderLock() => (_lanes.EarliestAt, _shedSince) switch
    {
        ({ } inMemory, { } shed) => inMemory < shed ? inMemory : shed,
        var (inMemory, shed) => inMemory ?? shed,
    };

    private void Take(IReadOnlyList<JournalEvent> matching, long upTo)
    {
        for (var i = 0; i < matching.Count; i++)
        {
            if (matching[i].Position > _read)
            {
                _lanes.Add(matching[i]);
                if (_lanes.Conflation?.KeyOf(matching[i]) is { } key && _retries.Supersede(key) is { } older)
                {
                    Supersede(older);
                }
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

    // Under the lock: the workers to be started; a read of the journal is begun here.
    private List<DeliveryWorker>? Plan()
    {
        if (_stopped)
        {
            return null;
        }

        LetGo();
        if (!_reading && _known > _read && HasAmpleRoom && _health.Allowance > 0 && _retries.Count < _options.MaxPending)
        {
            _reading = true;
            ThreadPool.UnsafeQueueUserWorkItem(static pump => _ = pump.ReadAsync(), this, preferLocal: false);
        }

        List<DeliveryWorker>? started = null;
        while (Pick() is { } job)
        {
            (started ??= []).Add(WorkerFor(job));
        }

        ReadReplay();
        Arm();
        return started;
    }

    // Under the lock: the next job that may be done now, with its slot; null when there is none.
    private Job? Pick()
    {
        while (!_stopped && Choose() is { } of)
        {
            Job? job = of switch
            {
                SlotClass.Retry => TakeRetry(),
                SlotClass.Replay => TakeReplay(),
                _ => TakeLive(),
            };
            if (job is not null)
            {
                Count(job, 1);
                return job;
            }

            if (IsWaiting)
            {
                return null; // for a slot
            }
        }

        return null;
    }

    // Live ones first; but a quarter of the room is kept for retries, or a backlog would never let them through. Replays have what is left over.
    private SlotClass? Choose()
    {
        var allowed = _health.Allowance;
        if (_working >= allowed)
        {
            return null;
        }

        var isRetryDue = _retries.NextDue is { } due && due <= _time.GetTimestamp();
        if (isRetryDue && _retrying < Math.Max(1, allowed / 4))
        {
            return SlotClass.Retry;
        }

        if (_lanes.Ready > 0 && _retries.Count < _options.MaxPending)
        {
            return SlotClass.Live;
        }

        if (isRetryDue && _retrying < Math.Max(1, allowed / 2))
        {
            return SlotClass.Retry;
        }

        return IsReplayReady && _replaying < Math.Max(1, allowed / 4) ? SlotClass.Replay : null;
    }

    private Delivery? TakeLive()
    {
        if (!TrySlot(SlotClass.Live, out var slot))
        {
            return null;
        }

        while (_lanes.TryStart(out var delivery))
        {
            if (_time.GetUtcNow() - delivery.Event.At <= _options.MaxEventAge)
            {
                delivery.Slot = slot;
                return delivery;
            }

            EndUnattempted(delivery, DeliveryStatus.Expired);
            _lanes.Release(delivery);
        }

        GiveBack(slot);
        return null;
    }

    private Retry? TakeRetry()
    {
        if (!TrySlot(SlotClass.Retry, out var slot))
        {
            return null;
        }

        if (_retries.TryTake(_time.GetTimestamp(), out var retry))
        {
            retry.Slot = slot;
            return retry;
        }

        GiveBack(slot);
        return null;
    }

    private bool TrySlot(SlotClass of, out Slot slot) => _parts.Slots.TryTake(this, of, isFirst: !_usesOwnSlot, _health.IsProven, out slot);

    // Not at once: another pump may be poked, and this one's lock is held.
    private void GiveBack(Slot slot) =>
        ThreadPool.UnsafeQueueUserWorkItem(static back => back.Pump._parts.Slots.Return(back.Pump, back.Slot), (Pump: this, Slot: slot), preferLocal: false);

    private void Count(Job job, int by)
    {
        _working += by;
        if (job.Slot.IsOwn)
        {
            _usesOwnSlot = by > 0;
        }

        switch (job.Class)
        {
            case SlotClass.Retry:
                _retrying += by;
                break;
            case SlotClass.Replay:
                _replaying += by;
                break;
            default:
                break;
        }
    }

    private DeliveryWorker WorkerFor(Job job)
    {
        if (!_spare.TryPop(out var worker))
        {
            worker = new DeliveryWorker(this, _parts.Sender, new AttemptDeadline(_time));
        }

        worker.Job = job;
        return worker;
    }

    private void Leave(DeliveryWorker worker)
    {
        DrainedUnderLock();
        if (!_stopped && !_health.IsOpen && _spare.Count < MaxSpareWorkers)
        {
            _spare.Push(worker);
        }
        else
        {
            worker.Dispose();
        }
    }

    private void DrainedUnderLock()
    {
        if (_stopped && _working == 0 && _unwritten == 0)
        {
            _drained.TrySetResult();
        }
    }

    // One timer for whatever comes next by itself: a retry, the end of a pause, an event that has held up others for long enough.
    private void Arm()
    {
        var next = Math.Min(_retries.NextDue ?? long.MaxValue, _retries.NextLetGo ?? long.MaxValue);
        next = Math.Min(next, NextReplay ?? long.MaxValue);
        var now = _time.GetTimestamp();
        if (_health.Blocked is { } pause)
        {
            next = Math.Max(Math.Min(next, _known > _read || _lanes.Ready > 0 || _replay is not null ? now : next), now + Ticks(pause));
        }

        if (next == long.MaxValue || next <= now || next == _armedFor)
        {
            return;
        }

        _armedFor = next;
        var wait = _time.GetElapsedTime(now, next) + TimeSpan.FromMilliseconds(1);
        if (_timer is null)
        {
            _timer = _time.CreateTimer(static pump => ((DeliveryPump)pump!).Tick(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tick()
    {
        List<DeliveryWorker>? started;
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            started = Plan();
        }

        Start(started);
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
