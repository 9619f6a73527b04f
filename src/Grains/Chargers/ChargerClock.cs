namespace Capacitor.Grains.Chargers;

/// <summary>Decides whether a charger's timestamp can be believed (quirk: clocks at 1970, at 2000, or in local time).</summary>
internal static class ChargerClock
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    // A charger may deliver what it queued during a long time offline; a clock that never was set is decades off.
    private static readonly TimeSpan Behind = TimeSpan.FromDays(365);

    /// <summary>True when the timestamp is missing, in the future, or more than a year old.</summary>
    public static bool IsSuspect(DateTimeOffset? reported, DateTimeOffset now) =>
        reported is not { } at || at > now + Ahead || at < now - Behind;

    /// <summary>The charger's time, or the time of receipt when the charger's clock is plainly wrong.</summary>
    public static DateTimeOffset Resolve(DateTimeOffset? reported, DateTimeOffset now) =>
        IsSuspect(reported, now) ? now : reported!.Value.ToUniversalTime();
}
