using Capacitor.Api.Chargers;
using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Commands;

/// <summary>Sends a command to a charger and tells how it ended: the way of every command.</summary>
internal static class ChargerCommand
{
    /// <summary>Null when the charger accepted; otherwise why not. <paramref name="status"/> finds the word in its answer.</summary>
    public static async Task<ApiError?> SendAsync<TRequest, TAnswer>(
        CommandSender commands, Caller caller, ChargeBoxId charger, string action, TRequest request, Func<TAnswer, string> status)
        where TRequest : class, IPayload<TRequest>
        where TAnswer : class, IPayload<TAnswer>
    {
        var command = new Command { Action = action, Payload = Ocpp16Writer.Serialize(request) };
        return Judge(await commands.SendAsync(charger, caller.Id, command), charger, action, status);
    }

    /// <summary>Null when the charger accepted; otherwise why not.</summary>
    public static ApiError? Judge<TAnswer>(CommandOutcome outcome, ChargeBoxId charger, string action, Func<TAnswer, string> status)
        where TAnswer : class, IPayload<TAnswer> => outcome switch
        {
            CommandOutcome.Answered answered => Judge(charger, action, Ocpp16Reader.Read<TAnswer>(answered.Payload).Value is { } answer ? status(answer) : null),
            CommandOutcome.Refused refused => Rejected(
                $"Charger {charger} refused {action}: {refused.Code}{(refused.Description.Length == 0 ? "" : ", " + refused.Description)}",
                new() { OcppErrorCode = refused.Code }),
            CommandOutcome.UnknownCharger => ChargerEndpoints.Missing(charger.Value),
            CommandOutcome.NotConnected => ApiError.Unavailable($"Charger {charger} is not connected"),
            CommandOutcome.Disconnected => Unknown($"Charger {charger} disconnected before it answered; it may still carry out the command"),
            CommandOutcome.QueueFull => ApiError.Unavailable($"Too many commands wait for charger {charger} already", retryAfter: 5),
            _ => Unknown($"Charger {charger} did not answer in time; it may still carry out the command"),
        };

    // Never a 503, which invites to send it again.
    private static ApiError Unknown(string message) => new(StatusCodes.Status504GatewayTimeout, ErrorCodes.CommandTimeout, message);

    private static ApiError? Judge(ChargeBoxId charger, string action, string? status) => status switch
    {
        GenericStatuses.Accepted => null,
        null or "" => Rejected($"Charger {charger} answered {action} without a status", null),
        _ => Rejected($"Charger {charger} answered {action} with {status}", new() { OcppStatus = status }),
    };

    private static ApiError Rejected(string message, ErrorDetails? details) =>
        new(StatusCodes.Status409Conflict, ErrorCodes.CommandRejected, message, details);
}
