using Capacitor.Api.Chargers;
using Capacitor.Api.Errors;
using Capacitor.Chargers;

namespace Capacitor.Api.Commands;

/// <summary>Why a charger did not do what it was asked to, as an error.</summary>
internal static class CommandFailure
{
    public static ApiError Of(ChargeBoxId charger, string action, EndedCommand ended) => ended.Outcome is CommandOutcome.Answered
        ? ended.OcppStatus is { Length: > 0 } status
            ? Rejected($"Charger {charger} answered {action} with {status}", new() { OcppStatus = status, CommandId = ended.Id })
            : Rejected($"Charger {charger} answered {action} without a status", new() { CommandId = ended.Id })
        : Of(charger, action, ended.Outcome, ended.Id);

    /// <summary>For what was not answered with a CALLRESULT. <paramref name="commandId"/> is null when the command does not exist.</summary>
    public static ApiError Of(ChargeBoxId charger, string action, CommandOutcome outcome, string? commandId)
    {
        var details = commandId is null ? null : new ErrorDetails { CommandId = commandId };
        return outcome switch
        {
            CommandOutcome.Refused refused => Rejected(
                $"Charger {charger} refused {action}: {refused.Code}{(refused.Description.Length == 0 ? "" : ", " + refused.Description)}",
                new() { OcppErrorCode = refused.Code, CommandId = commandId }),
            CommandOutcome.UnknownCharger => ChargerEndpoints.Missing(charger.Value),
            CommandOutcome.NotConnected => Unavailable($"Charger {charger} is not connected", details),
            CommandOutcome.QueueFull => Unavailable($"Too many commands wait for charger {charger} already", details, retryAfter: 5),
            CommandOutcome.Disconnected => Unknown($"Charger {charger} disconnected before it answered; it may still carry out the command", details),
            _ => Unknown($"Charger {charger} did not answer in time; it may still carry out the command", details),
        };
    }

    private static ApiError Unavailable(string message, ErrorDetails? details, int? retryAfter = null) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, message, details) { RetryAfter = retryAfter };

    // Never a 503, which invites to send it again.
    private static ApiError Unknown(string message, ErrorDetails? details) =>
        new(StatusCodes.Status504GatewayTimeout, ErrorCodes.CommandTimeout, message, details);

    private static ApiError Rejected(string message, ErrorDetails details) =>
        new(StatusCodes.Status409Conflict, ErrorCodes.CommandRejected, message, details);
}
