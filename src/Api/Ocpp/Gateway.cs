using System.Collections.Concurrent;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>Where others reach the sockets of this process: charger grains, and processes that have commands for their chargers.</summary>
internal sealed class Gateway(SocketTable sockets, TimeProvider time) : IGateway
{
    // Less than a caller waits for an answer.
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    // Longer than anybody asks for one that has ended.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Lazy<Task<CommandOutcome>>> _asked = new();

    public Task<CommandOutcome> CallAsync(long connectionId, Command command) =>
        sockets.Find(connectionId)?.SendCommandAsync(command) ?? Task.FromResult<CommandOutcome>(new CommandOutcome.NotConnected());

    public async Task<CommandOutcome?> AskAsync(long connectionId, Command command)
    {
        var ending = _asked.GetOrAdd(command.Id, id => new(() => SendOnceAsync(id, connectionId, command))).Value;
        try
        {
            return await ending.WaitAsync(Held, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public Task CloseAsync(long connectionId, SocketEnd cause)
    {
        // Not awaited to the end: the grain that replaces a socket must not wait for a dead one.
        sockets.Find(connectionId)?.EndBy(cause);
        return Task.CompletedTask;
    }

    private Task<CommandOutcome> SendOnceAsync(Guid id, long connectionId, Command command)
    {
        var ending = CallAsync(connectionId, command);
        _ = ForgetAsync(id, ending);
        return ending;
    }

    private async Task ForgetAsync(Guid id, Task<CommandOutcome> ending)
    {
        await ending;
        await Task.Delay(Kept, time);
        _asked.TryRemove(id, out _);
    }
}
