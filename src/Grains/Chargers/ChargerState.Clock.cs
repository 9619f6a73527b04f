namespace Capacitor.Grains.Chargers;

/// <summary>
/// Whether the charger's clock is right, judged by the timestamps in what it sends. A time that lies ahead is wrong for certain, and so is one of years ago. One that lies behind may be of
/// a message that waited in the charger's queue, so that it counts only in a status that tells a change, and only when the charger has been connected for long enough to have emptied its queue: such
/// a one is made at the moment. A time that is right resolves.
/// </summary>
internal sealed partial class ChargerState
{
    private static readonly TimeSpan QueueTime = TimeSpan.FromMinutes(10);

    // No queue is as old: such a clock was never set.
    private static readonly TimeSpan Years = TimeSpan.FromDays(3 * 365);

    /// <param name="reported">The charger's time; null: it named none, which says nothing.</param>
    /// <param name="isChange">True for a status that was news.</param>
    /// <param name="options">How far the clock may be off.</param>
    /// <param name="now">The time of receipt.</param>
    public void JudgeClock(DateTimeOffset? reported, bool isChange, ChargerOptions options, DateTimeOffset now)
    {
        if (reported is not { } at || ChargerOptions.Term(options.ClockAlarm) is not { } tolerance || Connection is not { } connection)
        {
            return;
        }

        var ahead = at - now;
        if (ahead.Duration() <= tolerance)
        {
            Resolve(AlarmTypes.ClockWrong, "The charger's clock is right again.", now);
            return;
        }

        var isWrong = ahead > TimeSpan.Zero || ahead < -Years || (isChange && now - connection.Since >= QueueTime);
        if (isWrong && FindAlarm(AlarmTypes.ClockWrong) is null)
        {
            Raise(AlarmTypes.ClockWrong, AlarmSeverities.Warning, $"The charger's clock is wrong: it says {Text(at)}.", now);
        }
    }
}
