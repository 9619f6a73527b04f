namespace Capacitor.Api.Ocpp;

/// <summary>A coarse clock that costs one memory read: the sweeper moves it.</summary>
internal sealed class LifeClock
{
    private int _tick;

    /// <summary>Sweeps so far.</summary>
    public int Tick => Volatile.Read(ref _tick);

    public int Advance() => Interlocked.Increment(ref _tick);
}
