using Capacitor.Tenants;
using Capacitor.Transactions;
using Orleans.Concurrency;

namespace Capacitor.Chargers;

/// <summary>One charger: registration, connection, boot data, connectors, open transactions. Key: <see cref="ChargeBoxId.GrainKey"/>.</summary>
[Alias("capacitor.IChargerGrain")]
public interface IChargerGrain : IGrainWithStringKey
{
    /// <summary>Registers the charger; only the tenant's grain calls this, which holds the limit. Throws <see cref="RefusedException"/> (Conflict) when it is taken.</summary>
    [Alias("Register")]
    Task<Charger> RegisterAsync(TenantId tenant, NewCharger charger);

    /// <summary>Ends its transactions and its socket and forgets its registration; only the tenant's grain calls this. False when it is not the tenant's.</summary>
    [Alias("Remove")]
    Task<bool> RemoveAsync(TenantId tenant);

    /// <summary>The charger, or null when it is not this tenant's.</summary>
    [Alias("Find"), ResponseTimeout(AskAgain.Soon)]
    Task<ChargerDetail?> FindAsync(TenantId tenant);

    /// <summary>Changes the charger, or null when it is not this tenant's.</summary>
    [Alias("Change")]
    Task<Charger?> ChangeAsync(TenantId tenant, ChargerPatch patch);

    /// <summary>Decides a handshake, before the upgrade.</summary>
    [Alias("Admit"), ResponseTimeout(AskAgain.Soon)]
    Task<Admission> AdmitAsync(Credentials credentials);

    /// <summary>Makes the socket the charger's connection; the socket before it is told to close. A retry that finds itself attached changes nothing.</summary>
    [Alias("Attach"), ResponseTimeout(AskAgain.Soon)]
    Task<AttachOutcome> AttachAsync(Attachment attachment);

    /// <summary>Takes a CALL and answers it after the commit.</summary>
    [Alias("Receive"), ResponseTimeout(AskAgain.Soon)]
    Task<ChargerAnswer> ReceiveAsync(ChargerCall call);

    /// <summary>Ends the connection of this epoch; nothing happens when a newer one is current.</summary>
    [Alias("Detach")]
    Task DetachAsync(long epoch, DisconnectReason reason);

    /// <summary>Ends the connection if it is this socket, whose attachment never got an answer.</summary>
    [Alias("Abandon")]
    Task AbandonAsync(string gatewayId, long connectionId, DisconnectReason reason);

    /// <summary>
    /// Sends a command, at once or when those before it are done, and waits for its end. For callers of the version before <see cref="RouteAsync"/>: a grain that
    /// must move waits for the end, too, and the charger's own messages with it.
    /// </summary>
    [Alias("Send"), AlwaysInterleave, ResponseTimeout("00:02:30")]
    Task<CommandOutcome> SendAsync(TenantId tenant, Command command);

    /// <summary>An open transaction with its latest meter value; null when this charger has none of this id.</summary>
    [Alias("FindOpenTransaction"), ResponseTimeout(AskAgain.Soon)]
    Task<Transaction?> FindOpenTransactionAsync(TenantId tenant, int transactionId);

    /// <summary>How the connection of this epoch ended; null while it is the charger's.</summary>
    [Alias("FindEnd"), ResponseTimeout(AskAgain.Soon)]
    Task<SocketEnd?> FindEndAsync(long epoch);

    /// <summary>
    /// Says whether a command may go to the charger, and where the socket is that the caller is to take it to. Asking again for the same command changes nothing.
    /// </summary>
    [Alias("Route"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<CommandRoute> RouteAsync(TenantId tenant, Command command);

    /// <summary>Hears how a command ended whose route asks for it.</summary>
    [Alias("Conclude"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task ConcludeAsync(Command command, CommandOutcome outcome);

    /// <summary>What the messages of this connection were forgiven before anybody read their payloads. Not worth an answer.</summary>
    [Alias("Note"), OneWay]
    Task NoteAsync(long epoch, IReadOnlyList<ChargerAnomaly> anomalies);

    /// <summary>What the charger's messages were forgiven, the latest first; null when it is not this tenant's.</summary>
    [Alias("ListAnomalies"), ResponseTimeout(AskAgain.Soon)]
    Task<IReadOnlyList<ChargerAnomaly>?> ListAnomaliesAsync(TenantId tenant);

    /// <summary>Forgets what the charger's messages were forgiven; false when it is not this tenant's.</summary>
    [Alias("ClearAnomalies")]
    Task<bool> ClearAnomaliesAsync(TenantId tenant);

    /// <summary>Hears that a handshake failed after it was admitted; nothing happens when the charger is not registered.</summary>
    [Alias("Reject"), ResponseTimeout(AskAgain.Soon)]
    Task RejectAsync(AdmissionRefusal refusal);

    /// <summary>Does what is due by now (<see cref="Charger.WatchAt"/>) and says anew when to look. Looking too early, or twice, changes nothing.</summary>
    [Alias("Look"), ResponseTimeout(AskAgain.Soon)]
    Task LookAsync();

    /// <summary>
    /// As <see cref="RouteAsync"/>, and begins the command's history: that it was given is durable before this returns. Beginning again what has begun changes
    /// nothing. Then <see cref="EndCommandAsync"/> is due, or the command ends by itself when its time is over.
    /// </summary>
    [Alias("BeginCommand"), ResponseTimeout(AskAgain.Soon)]
    Task<CommandRoute> BeginCommandAsync(TenantId tenant, Command command);

    /// <summary>Ends a command's history, or mends it when the answer was late; durable before this returns. What has ended already is left alone.</summary>
    [Alias("EndCommand"), ResponseTimeout(AskAgain.Soon)]
    Task EndCommandAsync(CommandEnd end);

    /// <summary>Hears that a command has gone out. Kept in memory only.</summary>
    [Alias("CommandSent"), AlwaysInterleave, OneWay]
    Task CommandSentAsync(Guid command, DateTimeOffset at);

    /// <summary>A command that has not ended yet, or null.</summary>
    [Alias("FindPendingCommand"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<CommandRecord?> FindPendingCommandAsync(TenantId tenant, string commandId);

    /// <summary>The commands that have not ended yet, newest first. Of large requests only the record holds the payload.</summary>
    [Alias("ListPendingCommands"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<IReadOnlyList<CommandRecord>> ListPendingCommandsAsync(TenantId tenant);
}
