using System.Collections.Concurrent;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// Where others reach the sockets of this process: charger grains, and processes that have commands for their chargers. And where this process hears of the
/// commands that it has asked others for.
/// </summary>
internal sealed class Gateway(SocketTable sockets, IGrainFactory grains, TimeProvider time) : IGateway
{
    // Less than a caller waits for an answer.
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    // Longer than anybody asks for one that has ended: one waits for two minutes at most, and is asked for from its beginning.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(130);

    private readonly ConcurrentDictionary<Guid, Lazy<Task<CommandOutcome>>> _asked = new();
    private readonly ConcurrentDictionary<(string, long, Guid), TaskCompletionSource<CommandOutcome>> _expected = new();
    private volatile bool _isClosed;

    /// <summary>Its grain id as text, once it has one.</summary>
    public string Id { get; set; } = "";

    public Task<CommandOutcome> CallAsync(long connectionId, Command command) =>
        (_isClosed ? null : sockets.Find(connectionId)?.SendCommandAsync(command)) ?? Task.FromResult<CommandOutcome>(new CommandOutcome.NotConnected());

    public async Task<CommandOutcome?> AskAsync(long connectionId, Command command)
    {
        var first = new Lazy<Task<CommandOutcome>>(() => SendOnceAsync(command.Id, connectionId, command));
        var asked = _asked.GetOrAdd(command.Id, first);
        try
        {
            var outcome = await asked.Value.WaitAsync(Held, time);
            if (asked != first && command.AskedBy.Length > 0)
            {
                // Who asks again may not get answers.
                grains.GetGrain<IGateway>(GrainId.Parse(command.AskedBy)).TellAsync(Id, connectionId, command.Id, outcome).Ignore();
            }

            return outcome;
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

    public Task TellAsync(string gatewayId, long connectionId, Guid command, CommandOutcome outcome)
    {
        if (_expected.TryGetValue((gatewayId, connectionId, command), out var expected))
        {
            expected.TrySetResult(outcome);
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends with what this process is told of a command that it took there; to be given up with <see cref="Forget"/>.</summary>
    public Task<CommandOutcome> Expect(CommandRoute route, Guid command) =>
        _expected.GetOrAdd((route.GatewayId, route.ConnectionId, command), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Forget(CommandRoute route, Guid command) => _expected.TryRemove((route.GatewayId, route.ConnectionId, command), out _);

    /// <summary>From now on no command is taken. Returns those that were and that a charger may have got.</summary>
    public Guid[] Close()
    {
        _isClosed = true;
        return [.. _asked.Where(asked => !IsUnsent(asked.Value)).Select(asked => asked.Key)];
    }

    private static bool IsUnsent(Lazy<Task<CommandOutcome>> asked) =>
        asked is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: CommandOutcome.NotConnected or CommandOutcome.QueueFull } };

    private Task<CommandOutcome> SendOnceAsync(Guid id, long connectionId, Command command)
    {
        var ending = CallAsync(connectionId, command);
        _ = ForgetAsync(id, ending);
        if (command.IsRecorded && sockets.Find(connectionId) is { } socket)
        {
            _ = TellEndAsync(socket, id, ending);
        }

        return ending;
    }

    // Whoever asked tells the charger's grain as well, unless it is gone by then.
    private static async Task TellEndAsync(ChargerSocket socket, Guid id, Task<CommandOutcome> ending)
    {
        if (await ending is var outcome and not CommandOutcome.NotConnected)
        {
            socket.TellEnd(new CommandEnd { Command = id, Outcome = outcome });
        }
    }

    private async Task ForgetAsync(Guid id, Task<CommandOutcome> ending)
    {
        await ending;
        await Task.Delay(Kept, time);
        _asked.TryRemove(id, out _);
    }
}
