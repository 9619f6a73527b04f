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
            _remoteStarts = new RemoteStarts(time, kept);
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
            (_remoteStarts ??= new RemoteStarts(time, [])).Ask(command.Id, start.ConnectorId, start.IdTag);
        }

        return Task.FromResult(new CommandRoute { GatewayId = connection.GatewayId, ConnectionId = connection.ConnectionId, WantsOutcome = asked is not null });
    }

    public Task ConcludeAsync(Command command, CommandOutcome outcome)
    {
        if (!RemoteStartCommand.MayStart(outcome))
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
