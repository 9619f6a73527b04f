using System.Text.Json;
using Capacitor.Api.Chargers;
using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Chargers;

namespace Capacitor.Api.Commands;

/// <summary>Sends a command to a charger and tells how it ended: the way of every command.</summary>
internal static class ChargerCommand
{
    /// <summary>Null when the charger accepted; otherwise why not.</summary>
    public static Task<ApiError?> SendAsync<T>(IGrainFactory grains, Caller caller, ChargeBoxId charger, T request) =>
        SendAsync(grains, caller, charger, typeof(T).Name[..^7], JsonSerializer.SerializeToUtf8Bytes(request, JsonSerializerOptions.Web));

    private static async Task<ApiError?> SendAsync(IGrainFactory grains, Caller caller, ChargeBoxId charger, string action, ReadOnlyMemory<byte> payload)
    {
        var outcome = await grains.GetGrain<IChargerGrain>(charger.GrainKey).SendAsync(caller.Id, new() { Action = action, Payload = payload });
        return outcome switch
        {
            CommandOutcome.Answered answered => Judge(charger, action, ReadStatus(answered.Payload)),
            CommandOutcome.Refused refused => Rejected(
                $"Charger {charger} refused {action}: {refused.Code}{(refused.Description.Length == 0 ? "" : ", " + refused.Description)}",
                new() { OcppErrorCode = refused.Code }),
            CommandOutcome.UnknownCharger => ChargerEndpoints.Missing(charger.Value),
            CommandOutcome.NotConnected => ApiError.Unavailable($"Charger {charger} is not connected"),
            CommandOutcome.Disconnected => ApiError.Unavailable($"Charger {charger} disconnected before it answered; it may still carry out the command"),
            CommandOutcome.QueueFull => ApiError.Unavailable($"Too many commands wait for charger {charger} already", retryAfter: 5),
            _ => new(StatusCodes.Status504GatewayTimeout, ErrorCodes.CommandTimeout,
                $"Charger {charger} did not answer in time; it may still carry out the command"),
        };
    }

    private static ApiError? Judge(ChargeBoxId charger, string action, string? status) => status switch
    {
        _ when string.Equals(status, "Accepted", StringComparison.OrdinalIgnoreCase) => null,
        null => Rejected($"Charger {charger} answered {action} without a status", new()),
        _ => Rejected($"Charger {charger} answered {action} with {status}", new() { OcppStatus = status }),
    };

    private static string? ReadStatus(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var answer = JsonDocument.Parse(payload);
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("status", out var status)
                && status.ValueKind == JsonValueKind.String ? status.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // the charger's answer is no JSON, or no text: as good as no status
        }
    }

    private static ApiError Rejected(string message, ErrorDetails details) =>
        new(StatusCodes.Status409Conflict, ErrorCodes.CommandRejected, message, details);
}
