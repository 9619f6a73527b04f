namespace Capacitor.Chargers;

/// <summary>
/// Looks for chargers of which something is due that no message tells (<see cref="Charger.WatchAt"/>), and has their grains see to it. One in the cluster, key <see cref="Key"/>; a reminder brings
/// it back when it was lost.
/// </summary>
[Alias("capacitor.IWatchGrain")]
public interface IWatchGrain : IGrainWithStringKey
{
    /// <summary>The one there is.</summary>
    const string Key = "l/watch";

    /// <summary>Sees to it that somebody watches.</summary>
    [Alias("Watch")]
    Task WatchAsync();
}
