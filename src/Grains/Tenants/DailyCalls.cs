namespace Capacitor.Grains.Tenants;

/// <summary>Counts API calls of one day in UTC. In memory: a restart begins anew.</summary>
internal sealed class DailyCalls
{
    private DateTime _day;
    private int _count;

    /// <summary>Counts a call unless the day's are used up.</summary>
    public bool TryCount(DateTimeOffset now, int? limit)
    {
        Turn(now);
        if (_count >= (limit ?? int.MaxValue))
        {
            return false;
        }

        _count++;
        return true;
    }

    public int? Remaining(int? limit) => limit is { } calls ? Math.Max(0, calls - _count) : null;

    /// <summary>The midnight at which the count starts again.</summary>
    public static DateTimeOffset ResetsAt(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private void Turn(DateTimeOffset now)
    {
        if (_day != now.UtcDateTime.Date)
        {
            _day = now.UtcDateTime.Date;
            _count = 0;
        }
    }
}
