using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>Where charger grains reach the sockets of this process.</summary>
internal sealed class Gateway(SocketTable sockets) : IGateway
{
    public Task<CommandOutcome> CallAsync(long connectionId, Command command) =>
        sockets.Find(connectionId)?.SendCommandAsync(command) ?? Task.FromResult<CommandOutcome>(new CommandOutcome.NotConnected());

    public Task CloseAsync(long connectionId, SocketEnd cause)
    {
        // Not awaited to the end: the grain that replaces a socket must not wait for a dead one.
        sockets.Find(connectionId)?.EndBy(cause);
        return Task.CompletedTask;
    }
}
