using Capacitor.Chargers;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>What the charger's grain needs to know of a remote start that passes through it.</summary>
internal static class RemoteStartCommand
{
    /// <summary>The connector and tag asked for; null for another command.</summary>
    public static (int? ConnectorId, string IdTag)? Read(Command command)
    {
        if (command.Action != Ocpp16Actions.RemoteStartTransaction)
        {
            return null;
        }

        var request = Ocpp16Reader.Read<RemoteStartTransactionRequest>(command.Payload.Span).Value;
        return request?.IdTag is { } tag ? (request.ConnectorId, tag) : null;
    }

    /// <summary>False when the charger has said that it will not start. After no answer it still may.</summary>
    public static bool MayStart(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Answered answered => Ocpp16Reader.Read<RemoteStartTransactionResponse>(answered.Payload.Span).Value?.Status == "Accepted",
        CommandOutcome.TimedOut or CommandOutcome.Disconnected => true,
        _ => false,
    };
}
