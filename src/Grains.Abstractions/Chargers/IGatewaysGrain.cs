namespace Capacitor.Chargers;

/// <summary>
/// Knows which gateways (Api processes that hold sockets) are alive, and reports the chargers of the others disconnected. One in the cluster, key
/// <see cref="Key"/>; a reminder brings it back when it was lost.
/// </summary>
[Alias("capacitor.IGatewaysGrain")]
public interface IGatewaysGrain : IGrainWithStringKey
{
    /// <summary>The one there is.</summary>
    const string Key = "g/gateways";

    /// <summary>
    /// The gateway is alive; answers after how long it should say so again. One that stays silent for the grace period
    /// (<c>Capacitor:Chargers:LostConnectionGrace</c>, but at least 3 seconds) is dead: what is online there by then is reported disconnected.
    /// </summary>
    [Alias("Renew"), ResponseTimeout(AskAgain.Soon)]
    Task<TimeSpan> RenewAsync(string gatewayId);

    /// <summary>Sees to it that somebody watches, however few gateways there are.</summary>
    [Alias("Watch")]
    Task WatchAsync();

    /// <summary>As <see cref="RenewAsync"/>, which those of an older version call, with all that a gateway should know.</summary>
    [Alias("RenewLease"), ResponseTimeout(AskAgain.Soon)]
    Task<GatewayTerms> RenewLeaseAsync(string gatewayId);

    /// <summary>
    /// The gateway has no sockets any more and takes no commands; these are all that it took and that a charger may have got. Remembered for as long as anybody
    /// asks for a command.
    /// </summary>
    [Alias("Leave"), ResponseTimeout(AskAgain.Soon)]
    Task LeaveAsync(string gatewayId, Guid[] commands);

    /// <summary>True when a gateway that has left took this command, false when it did not and so never will; null when nothing is known of its leaving.</summary>
    [Alias("FindTaken"), ResponseTimeout(AskAgain.Soon)]
    Task<bool?> FindTakenAsync(string gatewayId, Guid command);
}

/// <summary>What a gateway is told when it says that it is alive.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.gateway-terms")]
public sealed record GatewayTerms
{
    /// <summary>After how long it should say so again.</summary>
    [Id(0)] public required TimeSpan Renewal { get; init; }

    /// <summary>After how long a silence its chargers are reported disconnected.</summary>
    [Id(1)] public required TimeSpan Length { get; init; }

    /// <summary>Whether the cluster can store anything; see <see cref="Events.IJournalOutlook"/>.</summary>
    [Id(2)] public bool JournalIsWritable { get; init; } = true;
}
