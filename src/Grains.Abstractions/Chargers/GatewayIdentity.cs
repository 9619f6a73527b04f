namespace Capacitor.Chargers;

/// <summary>Names this process as a holder of sockets; a new name at every start, so that chargers left online by a process that died are found.</summary>
public sealed class GatewayIdentity
{
    /// <summary>Unique to this run of the process.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");
}
