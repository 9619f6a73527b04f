namespace Capacitor.Load.Fleet;

/// <summary>The calls of a charger's life.</summary>
internal enum Step
{
    Boot,
    Available,
    Authorize,
    Preparing,
    Start,
    Charging,
    Meter,
    Heartbeat,
    Finishing,
    Stop,
}

/// <summary>The order of a charger's calls.</summary>
internal static class Life
{
    /// <summary>Where a session begins; what stands before is said once per connection.</summary>
    public const int Session = 2;

    /// <summary>A session is 18 calls, 15 of which are events: 0.83 POSTs per call. Two more tell of the charger as a whole, and are not counted.</summary>
    public static readonly Step[] Steps =
    [
        Step.Boot, Step.Available,
        Step.Authorize, Step.Preparing, Step.Start, Step.Charging,
        Step.Meter, Step.Meter, Step.Meter, Step.Heartbeat, Step.Meter, Step.Meter, Step.Meter, Step.Heartbeat, Step.Meter, Step.Meter, Step.Heartbeat,
        Step.Finishing, Step.Stop, Step.Available,
    ];
}
