using Capacitor.Events;
using Microsoft.Extensions.Logging;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// Delivers a webhook's events: pushed ones from memory, missed ones and those that did not fit from the journal. Works on the thread pool, so
/// that neither an answer nor a hung endpoint costs a grain's turn.
/// </summary>
internal sealed partial class DeliveryPump
{
    /// <summary>Done events after the first that is not: as many may be repeated after a crash.</summary>
    public const int MaxSpan = 65_536;

    private const int MaxSpareWorkers = 16;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly DeliveryLanes _lanes = new();
    private readonly Stack<DeliveryWorker> _spare = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IJournalReader _journal;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger _logger;
    private readonly WebhookSender _sender;

    private WebhookTarget _target;
    private EventFilter _filter;
    private string _told = DeliveryOutcome.DeliveredWord;
    private long _toldAt;
    private long _read;
    private long _known;
    private int _working;
    private bool _reading;
    private bool _stopped;

    /// <summary>Starts at rest: everything up to <paramref name="position"/> is done.</summary>
    public DeliveryPump(WebhookTarget target, EventFilter filter, long position, DeliveryPumps parts)
    {
        _target = target;
        _filter = filter;
        _read = _known = position;
        (_journal, _sender, _options, _time, _metrics, _logger) = (parts.Journal, parts.Sender, parts.Options, parts.Time, parts.Metrics, parts.Logger);
        _metrics.Track(this);
    }

    /// <summary>Everything up to here is done.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Earliest is { } earliest ? earliest - 1 : _read;
            }
        }
    }

    /// <summary>True while events wait, in memory or in the journal.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Count > 0 || _known > _read || _reading;
            }
        }
    }

    /// <summary>Events in memory, those under way included.</summary>
    public int Waiting => _lanes.Count;

    /// <summary>Requests under way.</summary>
    public int InFlight => _working;

    /// <summary>How long the oldest event in memory has waited; null when none does.</summary>
    public TimeSpan? Backlog
    {
        get
        {
            lock (_gate)
            {
                return _lanes.EarliestAt is { } at ? _time.GetUtcNow() - at : null;
            }
        }
    }

    private bool HasRoom => _lanes.Count < _options.MaxWaitingEvents && _lanes.Bytes < _options.MaxWaitingBytes && _lanes.Span < MaxSpan;

    // Reading begins again at half, so that it comes in pages and not event by event.
    private bool HasAmpleRoom =>
        _lanes.Count <= _options.MaxWaitingEvents / 2 && _lanes.Bytes <= _options.MaxWaitingBytes / 2 && _lanes.Span < MaxSpan;

    /// <summary>Takes matching events, oldest first; all that matched after <paramref name="after"/> and up to <paramref name="upTo"/>.</summary>
    public void Offer(long after, long upTo, IReadOnlyList<JournalEvent> matching)
    {
        int start;
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

            start = Plan();
        }

        Start(start);
    }

    /// <summary>Tells how far the journal reaches, so that what was missed is read.</summary>
    public void CatchUp(long head)
    {
        int start;
        lock (_gate)
        {
            _known = Math.Max(_known, head);
            start = Plan();
        }

        Start(start);
    }

    /// <summary>Events that wait go to the new target too.</summary>
    public void Change(WebhookTarget target, EventFilter filter)
    {
        lock (_gate)
        {
            (_target, _filter) = (target, filter);
        }
    }

    /// <summary>Starts nothing more and waits for what is under way, at most <paramref name="grace"/>. What was not done stays after <see cref="Position"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        lock (_gate)
        {
            _stopped = true;
            if (_working == 0)
            {
                _drained.TrySetResult();
            }
        }

        _metrics.Forget(this);
        await _drained.Task.WaitAsync(grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>A worker's next event, its last one being done; null sends the worker home.</summary>
    internal Delivery? Next(DeliveryWorker worker, Delivery? done, out WebhookTarget target)
    {
        Delivery? next = null;
        var start = 0;
        lock (_gate)
        {
            target = _target;
            if (done is not null)
            {
                _lanes.Finish(done);
            }

            if (_stopped || !_lanes.TryStart(out next))
            {
                Leave(worker);
            }

            if (_known > _read)
            {
                start = Plan();
            }
        }

        Start(start);
        return next;
    }

    private void Leave(DeliveryWorker worker)
    {
        _working--;
        if (_stopped)
        {
            if (_working == 0)
            {
                _drained.TrySetResult();
            }
        }

        if (!_stopped && _spare.Count < MaxSpareWorkers)
        {
            _spare.Push(worker);
        }
        else
        {
            worker.Dispose();
        }
    }

    private void Take(IReadOnlyList<JournalEvent> matching, long upTo)
    {
        for (var i = 0; i < matching.Count; i++)
        {
            if (matching[i].Position > _read)
            {
                _lanes.Add(matching[i]);
            }
        }

        _read = upTo;
    }

    // Under the lock: how many workers are to be started; a read of the journal is begun here.
    private int Plan()
    {
        if (_stopped)
        {
            return 0;
        }

        if (!_reading && _known > _read && HasAmpleRoom)
        {
            _reading = true;
            ThreadPool.UnsafeQueueUserWorkItem(static pump => _ = pump.ReadAsync(), this, preferLocal: false);
        }

        var start = Math.Min(_lanes.Ready, _options.MaxConcurrency - _working);
        _working += start;
        return start;
    }

    private void Start(int workers)
    {
        for (; workers > 0; workers--)
        {
            DeliveryWorker? worker;
            lock (_gate)
            {
                _spare.TryPop(out worker);
            }

            worker ??= new DeliveryWorker(this, _sender, new AttemptDeadline(_time, _options.Timeout));
            ThreadPool.UnsafeQueueUserWorkItem(worker, preferLocal: false);
        }
    }
}
