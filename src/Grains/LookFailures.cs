using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

/// <summary>Chargers that could not be looked at, and for how long they are left alone: each failure in a row twice as long. In memory only.</summary>
internal sealed class LookFailures
{
    private const int Most = 10_000;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Dictionary<ChargeBoxId, (DateTimeOffset Until, TimeSpan Pause)> _failed = [];

    public void Add(ChargeBoxId charger, DateTimeOffset now)
    {
        var pause = _failed.TryGetValue(charger, out var before) ? TimeSpan.FromTicks(Math.Min(2 * before.Pause.Ticks, Longest.Ticks)) : First;
        if (_failed.Count < Most || before.Pause > TimeSpan.Zero)
        {
            _failed[charger] = (now + pause, pause);
        }
    }

    public void Forget(ChargeBoxId charger) => _failed.Remove(charger);

    public bool IsWaiting(ChargeBoxId charger, DateTimeOffset now) => _failed.TryGetValue(charger, out var failed) && now < failed.Until;

    /// <summary>How many are left alone at this time. Those that have not failed again for long are forgotten.</summary>
    public int CountWaiting(DateTimeOffset now)
    {
        foreach (var (charger, failed) in _failed)
        {
            if (now - failed.Until > Longest)
            {
                _failed.Remove(charger);
            }
        }

        return _failed.Values.Count(failed => now < failed.Until);
    }
}
