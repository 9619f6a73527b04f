using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Chargers;

namespace Capacitor.Api.Commands;

/// <summary>Gives a charger a command as a request asks for it, and answers with what came of it.</summary>
internal sealed partial class CommandRunner(CommandSender sender, ILogger<CommandRunner> logger)
{
    /// <summary>What came of it: <paramref name="done"/> when the charger did it, else why not; or with <c>?async=true</c> that it has begun.</summary>
    public async Task<IResult> RunAsync(Caller caller, ChargeBoxId charger, CommandRequest request, Func<EndedCommand, IResult> done)
    {
        var begun = await sender.BeginAsync(charger, caller.Id, request.ToCommand());
        if (begun.Route.Refusal is { } refusal)
        {
            return CommandFailure.Of(charger, request.Spec.Action, refusal, null);
        }

        if (request.IsAsync && !begun.Command.IsRecorded)
        {
            return ApiError.Unavailable("The silo of this charger is about to be upgraded and keeps no history yet; try again without async", retryAfter: 30);
        }

        if (request.IsAsync)
        {
            _ = FollowAsync(begun);
            return CommandResult.Begun(charger, request, begun.Command.Id);
        }

        var ended = new EndedCommand(begun.Command.Id, await sender.FollowAsync(begun), request.Spec.Action);
        return ended.Succeeded ? done(ended) : CommandFailure.Of(charger, request.Spec.Action, ended);
    }

    private async Task FollowAsync(BegunCommand begun)
    {
        try
        {
            await sender.FollowAsync(begun);
        }
        catch (Exception failure)
        {
            // Its history ends by itself.
            Log.NotFollowed(logger, failure, begun.Command.Action, begun.Charger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4115, LogLevel.Warning, "{Action} of charger {Charger} was not followed to its end; its history will say that it timed out")]
        public static partial void NotFollowed(ILogger logger, Exception failure, string action, ChargeBoxId charger);
    }
}
