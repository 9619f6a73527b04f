namespace Capacitor.Load.Fleet;

/// <summary>Counts of the socket thread; others only read them.</summary>
internal sealed class Tally
{
    private long _answers;
    private long _errors;
    private long _due;
    private long _came;
    private string? _firstError;
    private volatile TaskCompletionSource? _drained;

    public long Answers => Volatile.Read(ref _answers);

    public long Errors => Volatile.Read(ref _errors);

    /// <summary>Subscribers that each get every event.</summary>
    public int Hearers { get; set; } = 1;

    /// <summary>Events that happened.</summary>
    public long Events => Volatile.Read(ref _due);

    /// <summary>Events to come, of all subscribers together.</summary>
    public long Due => Events * Hearers;

    public long Came => Volatile.Read(ref _came);

    public string? FirstError => Volatile.Read(ref _firstError);

    /// <summary>Answers since the window was opened.</summary>
    public Histogram Latency { get; set; } = new();

    public void Answered(TimeSpan took)
    {
        _answers++;
        Latency.Add(took);
    }

    public void Failed(string what)
    {
        Interlocked.Increment(ref _errors);
        Interlocked.CompareExchange(ref _firstError, what, null);
    }

    public void EventDue() => Interlocked.Increment(ref _due);

    public void EventCame()
    {
        var came = Interlocked.Increment(ref _came); // also the fence that lets the waiter be seen
        if (_drained is { } drained && came >= Due)
        {
            drained.TrySetResult();
        }
    }

    /// <summary>Completes when as many events came as are due; ask only when no more become due.</summary>
    public Task DrainedAsync()
    {
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _drained = drained;
        Interlocked.MemoryBarrier();
        return Came >= Due ? Task.CompletedTask : drained.Task;
    }
}
