using Capacitor.Api.Ocpp;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Orleans.Runtime;

namespace Capacitor.Api.Commands;

/// <summary>
/// Takes commands to chargers. A charger's grain only says where its socket is: it must not be held while the charger thinks, or it could not move meanwhile, and
/// the charger's own messages would wait with it.
/// </summary>
internal sealed partial class CommandSender(IGrainFactory grains, OcppEdge edge, ILogger<CommandSender> logger)
{
    // How a command ended may be told late: the silo that was to pass it on is gone, and it is asked for again.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceWithNobody = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceForFarewell = TimeSpan.FromSeconds(2); // the next question must not wait long for it
    private static readonly TimeSpan PatienceWithEnd = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Begins a command, takes it to its charger and waits for its end.</summary>
    public async Task<CommandOutcome> SendAsync(ChargeBoxId charger, TenantId tenant, Command command)
    {
        var begun = await BeginAsync(charger, tenant, command);
        return begun.Route.Refusal ?? await FollowAsync(begun);
    }

    /// <summary>
    /// Begins a command whose history is kept, and says where it goes. Once this has returned without a refusal the command exists; <see cref="FollowAsync(BegunCommand)"/>
    /// is to take it there.
    /// </summary>
    public async Task<BegunCommand> BeginAsync(ChargeBoxId charger, TenantId tenant, Command command)
    {
        var began = edge.Time.GetTimestamp();
        var named = Name(command) with { IsRecorded = true };
        try
        {
            return new(charger, tenant, named, await grains.GetGrain<IChargerGrain>(charger.GrainKey).BeginCommandAsync(tenant, named), began);
        }
        catch (Exception unknown) when (IsOfTheVersionBefore(unknown))
        {
            Log.OlderWay(logger, unknown, command.Action, charger);
            var unrecorded = named with { IsRecorded = false };
            return new(charger, tenant, unrecorded, await grains.GetGrain<IChargerGrain>(charger.GrainKey).RouteAsync(tenant, unrecorded), began);
        }
    }

    /// <summary>Takes a command that has begun to its charger and waits for its end, which is durable when this returns unless storage is away for long.</summary>
    public async Task<CommandOutcome> FollowAsync(BegunCommand begun)
    {
        var outcome = await FollowAsync(begun.Charger, begun.Tenant, begun.Route, begun.Command, begun.BeganAt);
        var charger = grains.GetGrain<IChargerGrain>(begun.Charger.GrainKey);
        if (begun.Command.IsRecorded)
        {
            // The caller waits for a while only: the charger has done what it did. But what comes of it must not get lost.
            await Task.WhenAny(EndAsync(begun, charger, outcome), Task.Delay(Margin, edge.Time));
        }
        else if (begun.Route.WantsOutcome)
        {
            await TellAsync(begun, () => charger.ConcludeAsync(begun.Command, outcome));
        }

        return outcome;
    }

    /// <summary>Tells the charger's grain how a command ended, until it has heard it or ends the command by itself. Twice is the same as once.</summary>
    private async Task EndAsync(BegunCommand begun, IChargerGrain charger, CommandOutcome outcome)
    {
        var began = edge.Time.GetTimestamp();
        while (true)
        {
            try
            {
                await charger.EndCommandAsync(new() { Command = begun.Command.Id, Outcome = outcome });
                return;
            }
            catch (Exception failure)
            {
                if (edge.Time.GetElapsedTime(began) >= PatienceWithEnd)
                {
                    Log.NotConcluded(logger, failure, begun.Command.Action, begun.Charger);
                    return;
                }
            }

            await Task.Delay(Pause, edge.Time);
        }
    }

    /// <summary>Takes it to the charger, and after it when it has gone elsewhere meanwhile: what surely nobody has may be sent there.</summary>
    private async Task<CommandOutcome> FollowAsync(ChargeBoxId charger, TenantId tenant, CommandRoute route, Command command, long began)
    {
        while (true)
        {
            var outcome = await TakeThereAsync(charger, route, command with { Timeout = command.Timeout - edge.Time.GetElapsedTime(began) });
            if (outcome is not CommandOutcome.NotConnected || edge.Time.GetElapsedTime(began) >= command.Timeout)
            {
                return outcome;
            }

            var next = await TryRouteAsync(charger, tenant, command);
            if (next is null || next.Refusal is not null || (next.GatewayId, next.ConnectionId) == (route.GatewayId, route.ConnectionId))
            {
                return next?.Refusal ?? outcome;
            }

            route = next;
        }
    }

    private async Task<CommandRoute?> TryRouteAsync(ChargeBoxId charger, TenantId tenant, Command command)
    {
        try
        {
            return await grains.GetGrain<IChargerGrain>(charger.GrainKey).RouteAsync(tenant, command);
        }
        catch (Exception failure)
        {
            Log.NoGateway(logger, command.Action, charger, failure.GetType().Name);
            return null;
        }
    }

    private async Task<CommandOutcome> TakeThereAsync(ChargeBoxId charger, CommandRoute route, Command command)
    {
        var gateway = edge.GatewayOf(route.GatewayId);
        try
        {
            return route.GatewayId == edge.GatewayId
                ? await gateway.CallAsync(route.ConnectionId, command)
                : await AskAsync(charger, route, command);
        }
        catch (Exception unknown) when (IsOfTheVersionBefore(unknown))
        {
            Log.OlderWay(logger, unknown, command.Action, charger);
            return await WaitAsync(charger, command, gateway.CallAsync(route.ConnectionId, command));
        }
    }

    private async Task<CommandOutcome> AskAsync(ChargeBoxId charger, CommandRoute route, Command command)
    {
        var told = edge.Gateway!.Expect(route, command.Id);
        try
        {
            return await AskAsync(charger, route, command, told);
        }
        finally
        {
            edge.Gateway.Forget(route, command.Id);
        }
    }

    /// <summary>Asks until there is an outcome. Only what surely reached nobody is "not connected", which invites to send it again.</summary>
    private async Task<CommandOutcome> AskAsync(ChargeBoxId charger, CommandRoute route, Command command, Task<CommandOutcome> told)
    {
        var gateway = edge.GatewayOf(route.GatewayId);
        var began = edge.Time.GetTimestamp();
        var mayBeThere = false;
        while (true)
        {
            try
            {
                var asking = gateway.AskAsync(route.ConnectionId, command);
                if (await Task.WhenAny(told, (Task)asking) == told)
                {
                    asking.Ignore();
                    return await told;
                }

                if (await asking is { } outcome)
                {
                    return outcome;
                }

                mayBeThere = true;
            }
            catch (Exception nobody) when (!mayBeThere && Reach.Nobody(nobody))
            {
                if (nobody is ClientNotAvailableException || edge.Time.GetElapsedTime(began) >= PatienceWithNobody)
                {
                    Log.NoGateway(logger, command.Action, charger, nobody.GetType().Name);
                    return new CommandOutcome.NotConnected();
                }

                await Task.Delay(Pause, edge.Time);
            }
            catch (Exception unknown) when (mayBeThere || Failures.Passes(unknown))
            {
                Log.NoOutcome(logger, command.Action, charger, unknown.GetType().Name);
                mayBeThere = true; // whatever it is: nobody may send the command once more
                if (await WasNeverTakenAsync(charger, route.GatewayId, command))
                {
                    return new CommandOutcome.NotConnected();
                }

                await Task.Delay(Pause, edge.Time);
            }

            if (mayBeThere && edge.Time.GetElapsedTime(began) >= command.Timeout + Margin)
            {
                return new CommandOutcome.TimedOut();
            }
        }
    }

    // Orleans holds what is for a process that stopped, and does not say for a long time that nobody got it. The process itself has said so.
    private async Task<bool> WasNeverTakenAsync(ChargeBoxId charger, string gatewayId, Command command)
    {
        try
        {
            return await grains.GetGrain<IGatewaysGrain>(IGatewaysGrain.Key).FindTakenAsync(gatewayId, command.Id).WaitAsync(PatienceForFarewell, edge.Time) == false;
        }
        catch (Exception failure)
        {
            Log.NoFarewell(logger, command.Action, charger, failure.GetType().Name);
            return false;
        }
    }

    private async Task<CommandOutcome> WaitAsync(ChargeBoxId charger, Command command, Task<CommandOutcome> outcome)
    {
        try
        {
            return await outcome.WaitAsync(command.Timeout + Margin);
        }
        catch (Exception nobody) when (Reach.Nobody(nobody))
        {
            Log.NoGateway(logger, command.Action, charger, nobody.GetType().Name);
            return new CommandOutcome.NotConnected();
        }
        catch (Exception unknown) when (Failures.Passes(unknown))
        {
            Log.NoOutcome(logger, command.Action, charger, unknown.GetType().Name);
            return new CommandOutcome.TimedOut();
        }
    }

    // The charger has done what it did: that nobody could be told of it is no reason to tell the caller otherwise.
    private async Task TellAsync(BegunCommand begun, Func<Task> tell)
    {
        try
        {
            await tell().WaitAsync(Margin);
        }
        catch (Exception failure)
        {
            Log.NotConcluded(logger, failure, begun.Command.Action, begun.Charger);
        }
    }

    private Command Name(Command command) => command with { Id = Guid.NewGuid(), AskedBy = edge.GatewayId };

    // A process of the version before cannot read the call, and says so. It takes a command in the way it knows.
    private static bool IsOfTheVersionBefore(Exception failure) => failure is not RefusedException && !Failures.Passes(failure);

    private static partial class Log
    {
        [LoggerMessage(4110, LogLevel.Information, "{Action} of charger {Charger} goes the way of the version before")]
        public static partial void OlderWay(ILogger logger, Exception failure, string action, ChargeBoxId charger);

        [LoggerMessage(4111, LogLevel.Information, "{Action} did not reach the gateway of charger {Charger} ({Failure})")]
        public static partial void NoGateway(ILogger logger, string action, ChargeBoxId charger, string failure);

        [LoggerMessage(4112, LogLevel.Warning, "How {Action} of charger {Charger} ends is not known yet ({Failure})")]
        public static partial void NoOutcome(ILogger logger, string action, ChargeBoxId charger, string failure);

        [LoggerMessage(4114, LogLevel.Information, "Whether the gateway of charger {Charger} left without {Action} could not be asked for ({Failure})")]
        public static partial void NoFarewell(ILogger logger, string action, ChargeBoxId charger, string failure);

        [LoggerMessage(4113, LogLevel.Warning, "The grain of charger {Charger} could not be told how {Action} ended")]
        public static partial void NotConcluded(ILogger logger, Exception failure, string action, ChargeBoxId charger);
    }
}
