namespace Capacitor.Grains.Tenants;

/// <summary>
/// Counts API calls of one day in UTC. What may be counted is reserved in blocks ahead, by whoever stores the reservation; after a crash the count goes on from
/// what was reserved, so that no call is ever given twice.
/// </summary>
internal sealed class DailyCalls
{
    private const int BlocksPerDay = 100;
    private const int LeastUnlimitedBlock = 100;

    private int _reserved;

    /// <summary>The day that is counted.</summary>
    public DateTime Day { get; private set; }

    /// <summary>Calls of that day.</summary>
    public int Count { get; private set; }

    /// <summary>True when more was counted than is reserved: what comes next should be reserved first.</summary>
    public bool IsAhead => Count > _reserved;

    /// <summary>Goes on from what was reserved of a day; never back.</summary>
    public void Restore(DateTime day, int reserved, DateTimeOffset now)
    {
        Turn(now);
        if (day == Day)
        {
            Count = Math.Max(Count, reserved);
            _reserved = Math.Max(_reserved, reserved);
        }
    }

    /// <summary>Counts a call unless the day's are used up.</summary>
    public bool TryCount(DateTimeOffset now, int? limit)
    {
        Turn(now);
        if (Count >= (limit ?? int.MaxValue))
        {
            return false;
        }

        Count++;
        return true;
    }

    public int? Remaining(int? limit) => limit is { } calls ? Math.Max(0, calls - Count) : null;

    /// <summary>How many calls of <see cref="Day"/> should be reserved in all, when it is time to reserve more; else null.</summary>
    public int? Due(int? limit)
    {
        var block = Math.Max(1, limit / BlocksPerDay ?? Math.Max(LeastUnlimitedBlock, Count / BlocksPerDay));
        return _reserved - Count > block / 10 || _reserved >= (limit ?? int.MaxValue) ? null : (int)Math.Min((long)Count + block, limit ?? int.MaxValue);
    }

    /// <summary>Remembers what was stored.</summary>
    public void Reserve(DateTime day, int reserved)
    {
        if (day == Day)
        {
            _reserved = Math.Max(_reserved, reserved);
        }
    }

    /// <summary>The midnight at which the count starts again.</summary>
    public static DateTimeOffset ResetsAt(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    /// <summary>Begins anew when the day is over.</summary>
    public void Turn(DateTimeOffset now)
    {
        if (Day != now.UtcDateTime.Date)
        {
            Day = now.UtcDateTime.Date;
            (Count, _reserved) = (0, 0);
        }
    }
}
