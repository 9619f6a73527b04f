namespace Capacitor.Grains;

/// <summary>What could not be looked at, and for how long it is left alone: each failure in a row twice as long. In memory only.</summary>
public sealed class LookFailures<T>
    where T : notnull
{
    private const int Most = 10_000;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Dictionary<T, (DateTimeOffset Until, TimeSpan Pause)> _failed = [];

    /// <summary>It could not be looked at, at this time.</summary>
    public void Add(T one, DateTimeOffset now)
    {
        var pause = _failed.TryGetValue(one, out var before) ? TimeSpan.FromTicks(Math.Min(2 * before.Pause.Ticks, Longest.Ticks)) : First;
        if (_failed.Count < Most || before.Pause > TimeSpan.Zero)
        {
            _failed[one] = (now + pause, pause);
        }
    }

    /// <summary>It could be looked at.</summary>
    public void Forget(T one) => _failed.Remove(one);

    /// <summary>True when it is to be left alone at this time.</summary>
    public bool IsWaiting(T one, DateTimeOffset now) => _failed.TryGetValue(one, out var failed) && now < failed.Until;

    /// <summary>How many are left alone at this time. Those that have not failed again for long are forgotten.</summary>
    public int CountWaiting(DateTimeOffset now)
    {
        foreach (var (one, failed) in _failed)
        {
            if (now - failed.Until > Longest)
            {
                _failed.Remove(one);
            }
        }

        return _failed.Values.Count(failed => now < failed.Until);
    }
}
