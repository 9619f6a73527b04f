namespace Capacitor.Grains.Webhooks;

/// <summary>
/// Endpoints that have not been heard yet get their first requests one after another: each holds a place until it ends, or for a fifth of a second. Those that
/// answer make room in milliseconds; of a thousand that hang, so many connect at a time that nobody else notices.
/// </summary>
internal sealed class StartLine(TimeProvider time)
{
    /// <summary>How many may be at it.</summary>
    public const int Places = 64;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Queue<Start> _started = new();
    private readonly Queue<DeliveryPump> _waiting = new();
    private ITimer? _timer;
    private int _free = Places;
    private bool _isArmed;

    /// <summary>Takes a place; null: there is none, and the pump is poked when there is.</summary>
    public Start? TryEnter(DeliveryPump pump)
    {
        lock (_gate)
        {
            if (_free == 0)
            {
                if (!pump.AwaitsStart)
                {
                    pump.AwaitsStart = true;
                    _waiting.Enqueue(pump);
                }

                return null;
            }

            _free--;
            var start = new Start(time.GetTimestamp());
            _started.Enqueue(start);
            Arm();
            return start;
        }
    }

    /// <summary>Gives a place back. Never called under a pump's lock: whoever waits is poked here.</summary>
    public void Leave(Start start)
    {
        lock (_gate)
        {
            Free(start);
        }

        Poke();
    }

    private void Tick()
    {
        lock (_gate)
        {
            _isArmed = false;
            while (_started.TryPeek(out var oldest) && (oldest.IsOver || time.GetElapsedTime(oldest.At) >= Longest))
            {
                Free(_started.Dequeue());
            }

            Arm();
        }

        Poke();
    }

    private void Free(Start start)
    {
        if (!start.IsOver)
        {
            start.IsOver = true;
            _free++;
        }
    }

    private void Poke()
    {
        while (NextWaiting() is { } pump)
        {
            pump.TakeTurn();
        }
    }

    private DeliveryPump? NextWaiting()
    {
        lock (_gate)
        {
            if (_free == 0 || !_waiting.TryDequeue(out var pump))
            {
                return null;
            }

            pump.AwaitsStart = false;
            return pump;
        }
    }

    private void Arm()
    {
        if (_isArmed || !_started.TryPeek(out var oldest))
        {
            return;
        }

        _isArmed = true;
        var left = Longest - time.GetElapsedTime(oldest.At);
        var wait = left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1);
        if (_timer is null)
        {
            _timer = time.CreateTimer(static line => ((StartLine)line!).Tick(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A place that was taken.</summary>
    internal sealed class Start(long at)
    {
        /// <summary>When it was.</summary>
        public long At => at;

        /// <summary>True when it is free again.</summary>
        public bool IsOver { get; set; }
    }
}
