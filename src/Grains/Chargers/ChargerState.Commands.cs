using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Chargers.Ocpp16;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerState
{
    /// <summary>More than a socket lets wait; a caller who asks for more is told so.</summary>
    private const int MaxPendingCommands = 64;

    /// <summary>False when the charger has enough to do, or holds enough.</summary>
    public bool HasRoomFor(string action, RemoteStarts? remoteStarts) => Commands.Count < MaxPendingCommands && action switch
    {
        Ocpp16Actions.RemoteStartTransaction => remoteStarts?.HasRoom ?? true,
        Ocpp16Actions.ReserveNow => Reservations.Count < MaxReservations,
        _ => true,
    };

    /// <summary>The first time at which a command ends by itself; null when none waits.</summary>
    public DateTimeOffset? CommandsDueAt => Commands.Count == 0 ? null : Commands.Min(command => command.Deadline);

    private DateTimeOffset? FindStartDue(TimeSpan patience) =>
        RemoteStarts?.Where(start => start.IsRecorded).Select(start => (DateTimeOffset?)(start.At + patience)).Min();

    public PendingCommand? FindCommand(Guid id) => Commands.Find(command => command.Id == id);

    public void Replace(PendingCommand command)
    {
        var index = Commands.FindIndex(other => other.Id == command.Id);
        if (index >= 0)
        {
            Commands[index] = command;
        }
    }

    /// <summary>Tells how a command ended.</summary>
    public void CommandEnded(CommandRecord command, bool succeeded, DateTimeOffset now)
    {
        var type = succeeded ? EventTypes.CommandCompleted : EventTypes.CommandFailed;
        Emit(type, now, EventBody.CommandEnded(type, command, now));
    }

    /// <summary>Tells that a remote start came to nothing.</summary>
    public void StartFailed(string? commandId, int? connectorId, string idTag, string reason, DateTimeOffset now) =>
        Emit(EventTypes.TransactionStartFailed, now, EventBody.StartFailed(Registered().ChargeBoxId, commandId, connectorId, idTag, reason, now));

    /// <summary>Tells that a transaction goes on although it was to be stopped.</summary>
    public void StopFailed(string commandId, int transactionId, string reason, DateTimeOffset now)
    {
        if (Open.Find(transaction => transaction.Id == transactionId) is { } open)
        {
            Emit(
                EventTypes.TransactionStopFailed, now,
                EventBody.StopFailed(Registered().ChargeBoxId, commandId, transactionId, open.ConnectorId, open.IdTag, reason, now));
        }
    }

    /// <summary>
    /// The charger has, or may have, another password from now on (OCPP-J 1.6 §6.2.2): one that it took holds alone, one that it takes at its next start, or of which it said nothing, holds beside the
    /// old one until either is presented.
    /// </summary>
    public void PasswordEnded(string hash, CommandVerdict verdict)
    {
        if (verdict.OcppStatus == ConfigurationStatuses.Accepted)
        {
            Registration = Registered() with { PasswordHash = hash, NextPasswordHash = null };
        }
        else if (verdict.Succeeded || !verdict.IsFinal)
        {
            Registration = Registered() with { NextPasswordHash = hash };
        }
    }

    /// <summary>The charger presented a password: it is the one.</summary>
    public void PasswordPresented(string hash) => Registration = Registered() with { PasswordHash = hash, NextPasswordHash = null };
}
