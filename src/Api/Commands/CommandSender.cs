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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task<CommandOutcome> SendAsync(ChargeBoxId chargeBoxId, TenantId tenant, Command command)
    {
        var charger = grains.GetGrain<IChargerGrain>(chargeBoxId.GrainKey);
        var began = edge.Time.GetTimestamp();
        var named = command with { Id = Guid.NewGuid() };
        CommandRoute route;
        try
        {
            route = await charger.RouteAsync(tenant, named);
        }
        catch (Exception unknown) when (IsOfTheVersionBefore(unknown))
        {
            Log.OlderWay(logger, unknown, command.Action, chargeBoxId);
            return await WaitAsync(chargeBoxId, named, charger.SendAsync(tenant, named));
        }

        if (route.Refusal is { } refusal)
        {
            return refusal;
        }

        var rest = named with { Timeout = named.Timeout - edge.Time.GetElapsedTime(began) };
        var outcome = await TakeThereAsync(chargeBoxId, route, rest);
        if (route.WantsOutcome)
        {
            await ConcludeAsync(chargeBoxId, charger, named, outcome);
        }

        return outcome;
    }

    private async Task<CommandOutcome> TakeThereAsync(ChargeBoxId charger, CommandRoute route, Command command)
    {
        var gateway = edge.GatewayOf(route.GatewayId);
        try
        {
            return route.GatewayId == edge.GatewayId
                ? await gateway.CallAsync(route.ConnectionId, command)
                : await AskAsync(charger, gateway, route.ConnectionId, command);
        }
        catch (Exception unknown) when (IsOfTheVersionBefore(unknown))
        {
            Log.OlderWay(logger, unknown, command.Action, charger);
            return await WaitAsync(charger, command, gateway.CallAsync(route.ConnectionId, command));
        }
    }

    /// <summary>Asks until there is an outcome. Only what surely reached nobody is "not connected", which invites to send it again.</summary>
    private async Task<CommandOutcome> AskAsync(ChargeBoxId charger, IGateway gateway, long connectionId, Command command)
    {
        var began = edge.Time.GetTimestamp();
        var mayBeThere = false;
        while (true)
        {
            try
            {
                if (await gateway.AskAsync(connectionId, command) is { } outcome)
                {
                    return outcome;
                }

                mayBeThere = true;
            }
            catch (Exception nobody) when (Reach.Nobody(nobody))
            {
                if (!mayBeThere && (nobody is ClientNotAvailableException || edge.Time.GetElapsedTime(began) >= PatienceWithNobody))
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
                await Task.Delay(Pause, edge.Time);
            }

            if (mayBeThere && edge.Time.GetElapsedTime(began) >= command.Timeout + Margin)
            {
                return new CommandOutcome.TimedOut();
            }
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

    private async Task ConcludeAsync(ChargeBoxId chargeBoxId, IChargerGrain charger, Command command, CommandOutcome outcome)
    {
        try
        {
            await charger.ConcludeAsync(command, outcome).WaitAsync(Margin);
        }
        catch (Exception failure)
        {
            Log.NotConcluded(logger, failure, command.Action, chargeBoxId);
        }
    }

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

        [LoggerMessage(4113, LogLevel.Warning, "The grain of charger {Charger} could not be told how {Action} ended")]
        public static partial void NotConcluded(ILogger logger, Exception failure, string action, ChargeBoxId charger);
    }
}
