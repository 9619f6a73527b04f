namespace Capacitor.Grains.Webhooks;

/// <summary>What is attempted next, and when.</summary>
internal sealed partial class DeliveryPump
{
    private const int MaxSpareWorkers = 16;

    // Where so few requests may be under way that shares of them would be nothing, live events and retries take turns.
    private const int Few = 4;

    private static readonly TimeSpan PatienceWithTheUnheard = TimeSpan.FromSeconds(1);

    private readonly Stack<DeliveryWorker> _spare = [];
    private readonly Dictionary<string, DateTimeOffset> _attempted = []; // what nobody else may attempt, and when it happened
    private ITimer? _timer;
    private long _armedFor = long.MaxValue;
    private int _retrying;
    private int _replaying;
    private bool _usesOwnSlot;
    private bool _lastWasRetry;
    private long? _firstBegan;

    /// <summary>A worker's next job, its last one being done; null sends the worker home.</summary>
    internal Job? Next(DeliveryWorker worker, Job done)
    {
        Job? next;
        List<DeliveryWorker>? started;
        Return(done.Slot, done.Start); // not under the lock: another pump's turn may come
        lock (_gate)
        {
            Count(done, -1);
            next = Pick(_time.GetTimestamp());
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
            if (Pick(_time.GetTimestamp()) is { } job)
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

    // Under the lock: the workers to be started; reads are begun here. All for one time: what is due a moment later is what the timer is for.
    private List<DeliveryWorker>? Plan()
    {
        if (IsHalted)
        {
            return null;
        }

        var now = _time.GetTimestamp();
        LetGo(now);
        ReadJournal(now);
        List<DeliveryWorker>? started = null;
        while (Pick(now) is { } job)
        {
            (started ??= []).Add(WorkerFor(job));
        }

        ReadReplay();
        ReadPending();
        Arm(now);
        return started;
    }

    // Under the lock: the next job that may be done now, with its slot; null when there is none.
    private Job? Pick(long now)
    {
        Span<SlotClass> wanted = stackalloc SlotClass[3];
        while (!IsHalted && Want(now, wanted) is > 0 and var count)
        {
            if (!_parts.Slots.TryTake(this, wanted[..count], isFirst: !_usesOwnSlot, _health.IsProven, out var slot))
            {
                return null; // its turn will come
            }

            StartLine.Start? start = null;
            if (!_health.IsHeard && (start = _parts.Starts.TryEnter(this)) is null)
            {
                GiveBack(slot);
                return null; // and so it will here
            }

            Job? job = slot.Class switch
            {
                SlotClass.Retry => TakeRetry(now),
                SlotClass.Replay => TakeReplay(now),
                _ => TakeLive(),
            };
            if (job is not null)
            {
                (job.Slot, job.Start) = (slot, start);
                _firstBegan ??= now;
                _lastWasRetry = slot.Class == SlotClass.Retry;
                Count(job, 1);
                return job;
            }

            GiveBack(slot, start);
        }

        return null;
    }

    // As many requests as it may have went out a while ago, and it was never heard: more events would only wait here.
    private bool SeemsToHang(long now) =>
        !_health.IsHeard && _working >= _health.AllowanceAt(now) && _firstBegan is { } began && _time.GetElapsedTime(began, now) > PatienceWithTheUnheard;

    // Live ones first; but a quarter of the room is kept for retries, or a backlog would never let them through. Replays have what is left over.
    private int Want(long now, Span<SlotClass> wanted)
    {
        var allowed = _health.AllowanceAt(now);
        if (_working >= allowed)
        {
            return 0;
        }

        var isLiveReady = _lanes.Ready > 0 && _retries.Count < _options.MaxPending;
        var isRetryDue = _retries.NextDue is { } due && due <= now && _retrying < Math.Max(1, allowed / 2);
        var comesFirst = isRetryDue && _retrying < Math.Max(1, allowed / 4) && !(isLiveReady && _lastWasRetry && allowed < Few);
        var count = 0;
        if (comesFirst)
        {
            wanted[count++] = SlotClass.Retry;
        }

        if (isLiveReady)
        {
            wanted[count++] = SlotClass.Live;
        }

        if (isRetryDue && !comesFirst)
        {
            wanted[count++] = SlotClass.Retry;
        }

        if (IsReplayReadyAt(now) && _replaying < Math.Max(1, allowed / 4))
        {
            wanted[count++] = SlotClass.Replay;
        }

        return count;
    }

    // Not at once: another pump may be poked, and this one's lock is held.
    private void GiveBack(Slot slot, StartLine.Start? start = null)
    {
        if (!slot.IsOwn || start is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static back => back.Pump.Return(back.Slot, back.Start), (Pump: this, Slot: slot, Start: start), preferLocal: false);
        }
    }

    private void Return(Slot slot, StartLine.Start? start)
    {
        _parts.Slots.Return(this, slot);
        if (start is not null)
        {
            _parts.Starts.Leave(start);
        }
    }

    private void Count(Job job, int by)
    {
        _working += by;
        if (job.Slot.IsOwn)
        {
            _usesOwnSlot = by > 0;
        }

        switch (job.Slot.Class)
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

        if (job.DeliveryId is { } id)
        {
            _ = by > 0 ? _attempted.TryAdd(id, ((Retry)job).EventAt) : _attempted.Remove(id);
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
        if (!IsHalted && !_health.IsOpen && _spare.Count < MaxSpareWorkers)
        {
            _spare.Push(worker);
        }
        else
        {
            worker.Dispose();
        }
    }

    // One timer for whatever comes next by itself: a retry, the end of a pause, an event that has held up others for long enough. What is due already waits for
    // something else, whose end will see to it.
    private void Arm(long now)
    {
        var next = Math.Min(_retries.NextDue ?? long.MaxValue, _retries.NextLetGo ?? long.MaxValue);
        next = Math.Min(next, NextReplay ?? long.MaxValue);
        if (_health.BlockedAt(now) is { } pause)
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
