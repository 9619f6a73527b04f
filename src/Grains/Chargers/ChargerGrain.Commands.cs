using Capacitor.Chargers;
using Capacitor.Grains.Chargers.Ocpp16;
using Capacitor.Tenants;
using Orleans.Runtime;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerGrain
{
    private RemoteStarts? _remoteStarts;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        State.Awake(time.GetUtcNow());
        RestoreRemoteStarts();
        return Task.CompletedTask;
    }

    // What is stored of them is what counts; those of which no history is kept are stored with the next commit only.
    private void RestoreRemoteStarts()
    {
        if (State.RemoteStarts is { } stored)
        {
            (_remoteStarts ??= NewRemoteStarts()).Restore(stored);
        }
        else
        {
            _remoteStarts?.Restore([]);
        }
    }

    private RemoteStarts NewRemoteStarts() => new(time, [], options.Value.RemoteStartPatience);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Not after a conflict (ApplicationRequested): another activation is the charger by then.
        var isKept = ReferenceEquals(State.RemoteStarts, _remoteStarts?.Asked) && !State.HasNewAnomalies;
        if (isKept || reason.ReasonCode is not (DeactivationReasonCode.ActivationIdle or DeactivationReasonCode.ShuttingDown))
        {
            return;
        }

        try
        {
            await WriteAsync();
        }
        catch (Exception failure)
        {
            Log.RemoteStartsLost(logger, this.GetPrimaryKeyString(), failure);
        }
    }

    public Task<CommandRoute> RouteAsync(TenantId tenant, Command command)
    {
        if (!State.IsOf(tenant))
        {
            return Task.FromResult(new CommandRoute { Refusal = new CommandOutcome.UnknownCharger() });
        }

        if (State.Connection is not { } connection)
        {
            return Task.FromResult(new CommandRoute { Refusal = new CommandOutcome.NotConnected() });
        }

        // Before the command goes out: the transaction may begin before its answer is here. And not again once it has begun.
        var asked = RemoteStartCommand.Read(command);
        if (asked is { } start && (!command.IsRecorded || State.FindCommand(command.Id) is { Record.TransactionId: null }))
        {
            (_remoteStarts ??= NewRemoteStarts()).Ask(command.Id, start.ConnectorId, start.IdTag, command.IsRecorded);
        }

        return Task.FromResult(new CommandRoute { GatewayId = connection.GatewayId, ConnectionId = connection.ConnectionId, WantsOutcome = asked is not null });
    }

    public async Task<CommandRoute> BeginCommandAsync(TenantId tenant, Command command)
    {
        if (State.IsOf(tenant) && State.Connection is not null && State.FindCommand(command.Id) is null)
        {
            if (!State.HasRoomFor(command.Action, _remoteStarts))
            {
                return new CommandRoute { Refusal = new CommandOutcome.QueueFull() };
            }

            await CommitAsync(async () =>
            {
                commandEnds.Begin(State, command, time.GetUtcNow());
                await RouteAsync(tenant, command); // what it has to remember is part of the commit
            });
        }

        return await RouteAsync(tenant, command);
    }

    public async Task EndCommandAsync(CommandEnd end)
    {
        if (State.Registration is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var pending = State.FindCommand(end.Command);

        // An answer counts even after somebody has given up on it: whoever told of a timeout may only have lost sight of the charger.
        if (pending is null && (end.Outcome is not (CommandOutcome.Answered or CommandOutcome.Refused) || await commandEnds.FindTimedOutAsync(State, end.Command) is null))
        {
            return;
        }

        await CommitAsync(() => pending is null ? commandEnds.EndLateAsync(State, end, _remoteStarts, now) : commandEnds.EndAsync(State, pending, end, _remoteStarts, now));
        _admitted = null;
    }

    public Task CommandSentAsync(Guid command, DateTimeOffset at)
    {
        if (State.FindCommand(command) is { } pending)
        {
            State.Replace(pending with { Record = pending.Record with { Status = CommandStatus.Sent, SentAt = at } });
        }

        return Task.CompletedTask;
    }

    public Task<CommandRecord?> FindPendingCommandAsync(TenantId tenant, string commandId) =>
        Task.FromResult(State.IsOf(tenant) && CommandIds.TryParse(commandId, out var id) ? State.FindCommand(id)?.Record : null);

    public Task<IReadOnlyList<CommandRecord>> ListPendingCommandsAsync(TenantId tenant) =>
        Task.FromResult<IReadOnlyList<CommandRecord>>(State.IsOf(tenant) ? [.. State.Commands.Select(pending => pending.Record).Reverse()] : []);

    public Task ConcludeAsync(Command command, CommandOutcome outcome)
    {
        if (!command.IsRecorded && !RemoteStartCommand.MayStart(outcome))
        {
            _remoteStarts?.Forget(command.Id);
        }

        return Task.CompletedTask;
    }

    public async Task<CommandOutcome> SendAsync(TenantId tenant, Command command)
    {
        var named = command with { Id = Guid.NewGuid() };
        var route = await RouteAsync(tenant, named);
        if (route.Refusal is { } refusal)
        {
            return refusal;
        }

        var outcome = await CallAsync(route, named);
        await ConcludeAsync(named, outcome);
        return outcome;
    }

    /// <summary>Asks the process that holds the socket. A process that is gone is no socket; one that is out of sight may have done what it was asked.</summary>
    private async Task<CommandOutcome> CallAsync(CommandRoute route, Command command)
    {
        try
        {
            return await GrainFactory.GetGrain<IGateway>(GrainId.Parse(route.GatewayId)).CallAsync(route.ConnectionId, command);
        }
        catch (TimeoutException)
        {
            return new CommandOutcome.TimedOut();
        }
        catch (OrleansException failure)
        {
            Log.GatewayGone(logger, this.GetPrimaryKeyString(), route.GatewayId, failure.GetType().Name);
            return Reach.Nobody(failure) ? new CommandOutcome.NotConnected() : new CommandOutcome.TimedOut();
        }
    }
}
