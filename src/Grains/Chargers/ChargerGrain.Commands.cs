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
        if (State.RemoteStarts is { } kept)
        {
            _remoteStarts = new RemoteStarts(time, kept, options.Value.RemoteStartPatience);
        }

        return Task.CompletedTask;
    }

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

        // Before the command goes out: the transaction may begin before its answer is here.
        var asked = RemoteStartCommand.Read(command);
        if (asked is { } start)
        {
            (_remoteStarts ??= new RemoteStarts(time, [], options.Value.RemoteStartPatience)).Ask(command.Id, start.ConnectorId, start.IdTag, command.IsRecorded);
        }

        return Task.FromResult(new CommandRoute { GatewayId = connection.GatewayId, ConnectionId = connection.ConnectionId, WantsOutcome = asked is not null });
    }

    public async Task<CommandRoute> BeginCommandAsync(TenantId tenant, Command command)
    {
        if (State.IsOf(tenant) && State.Connection is not null && State.FindCommand(command.Id) is null)
        {
            if (!State.HasRoomForCommand)
            {
                return new CommandRoute { Refusal = new CommandOutcome.QueueFull() };
            }

            commandEnds.Begin(State, command, time.GetUtcNow());
            await RouteAsync(tenant, command); // what it has to remember is part of the commit
            await SaveAsync();
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
        if (State.FindCommand(end.Command) is { } pending)
        {
            await commandEnds.EndAsync(State, pending, end, _remoteStarts, now);
        }
        else if (!end.IsLate || !await commandEnds.TryEndLateAsync(State, end, _remoteStarts, now))
        {
            return;
        }

        _admitted = null;
        await SaveAsync();
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
