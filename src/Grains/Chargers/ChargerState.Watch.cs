namespace Capacitor.Grains.Chargers;

/// <summary>
/// What becomes due without any message. Each subject says when it wants to be looked at (<see cref="DueAt"/>), and does what is due then (<see cref="Look"/>). The earliest time of all stands in the
/// charger's row, where <see cref="WatchGrain"/> finds it.
/// </summary>
internal sealed partial class ChargerState
{
    /// <summary>When the charger is to be looked at; null: never.</summary>
    public DateTimeOffset? DueAt(ChargerOptions options) => Earliest(FindAlarmDue(options), CommandsDueAt, ReservationsDueAt, FindStartDue(options.RemoteStartPatience));

    /// <summary>Does what is due by now. What comes of it is to be committed.</summary>
    public void Look(ChargerOptions options, DateTimeOffset now) => RaiseAlarms(options, now);

    /// <summary>
    /// Puts the time of the next look into the row, to be called before each commit. The row is written when it is written anyway, or when the time in it is too late; one that is too early costs a
    /// look that finds nothing, and not a row for each message. <paramref name="notBefore"/> holds off what was looked at a moment ago.
    /// </summary>
    public void Schedule(ChargerOptions options, DateTimeOffset notBefore = default)
    {
        if (Registration is null)
        {
            return;
        }

        var due = DueAt(options);
        due = due < notBefore ? notBefore : due;
        if (Outbox.Charger is not null || due < (Watch.RowAt ?? DateTimeOffset.MaxValue))
        {
            Watch.RowAt = due;
            Outbox.Charger = ToCharger();
        }
    }

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? earliest = null;
        foreach (var time in times)
        {
            earliest = time < (earliest ?? DateTimeOffset.MaxValue) ? time : earliest;
        }

        return earliest;
    }
}

/// <summary>What the watch of a charger needs to know of the past.</summary>
[GenerateSerializer, Alias("capacitor.state.charger.watch")]
internal sealed class Watch
{
    /// <summary>When the charger sent anything last; as committed last it may lag.</summary>
    [Id(0)] public DateTimeOffset? HeardAt { get; set; }

    /// <summary>Null while it is connected, and for one that never was.</summary>
    [Id(1)] public DateTimeOffset? OfflineSince { get; set; }

    /// <summary>What the charger's row says of when to look; null: never.</summary>
    [Id(2)] public DateTimeOffset? RowAt { get; set; }
}
