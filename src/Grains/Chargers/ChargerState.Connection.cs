using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerState
{
    /// <summary>Lists may show a heartbeat this much too old: a commit for each would tell nobody anything.</summary>
    private static readonly TimeSpan HeartbeatLag = TimeSpan.FromSeconds(30);

    [NonSerialized]
    private DateTimeOffset _heartbeatCommitted;

    public bool IsCurrent(long epoch) => Registration is not null && Connection is not null && epoch == Epoch;

    /// <summary>How the connection of this epoch ended; null while it is the charger's.</summary>
    public SocketEnd? FindEnd(long epoch) => this switch
    {
        { Registration: null } => SocketEnd.Removed,
        _ when epoch != Epoch => SocketEnd.Replaced,
        { Connection: null } => SocketEnd.Lost,
        _ => null,
    };

    /// <summary>
    /// Makes a socket the charger's connection. Taking over from another socket tells of the new connection and of no disconnection:
    /// the charger was never gone.
    /// </summary>
    public long Attach(string gatewayId, long connectionId, DateTimeOffset now)
    {
        Epoch++;
        Connection = new Connection(gatewayId, now, connectionId);
        Handled = null;
        Watch.OfflineSince = null;
        Emit(EventTypes.ChargerConnected, now, EventBody.Connected(Registered().ChargeBoxId, now));
        TellStatus(now);
        Resolve(AlarmTypes.Offline, "The charger is connected again.", now);
        Hear(now);
        Outbox.Charger = ToCharger();
        return Epoch;
    }

    public void Detach(DisconnectReason reason, DateTimeOffset now)
    {
        if (Connection is not { } connection)
        {
            return;
        }

        Connection = null;
        Handled = null;
        var body = EventBody.Disconnected(Registered().ChargeBoxId, reason, connection.Since, now);
        Emit(EventTypes.ChargerDisconnected, now, body);
        TellStatus(now);
        Resolve(AlarmTypes.HeartbeatMissed, "The charger has disconnected.", now);
        Watch.OfflineSince = now;
        Outbox.Charger = ToCharger();
    }

    /// <summary>
    /// The answer to a call that was handled before; null for a new one. The edge asks again, with the same number, when an answer got lost, such as with the
    /// silo that was to give it: what was committed must not happen twice. Nobody waits for the answer to a call older than the last.
    /// </summary>
    public ChargerAnswer? Recall(long number) => number == 0 || Handled is not { } handled || number > handled.Number
        ? null
        : number == handled.Number ? handled.Answer : ChargerAnswer.Stale;

    /// <summary>To be committed with what the call changed.</summary>
    public void Remember(long number, ChargerAnswer answer) => Handled = number == 0 ? null : new HandledCall(number, answer);

    public void Booted(BootData boot, DateTimeOffset now)
    {
        Boot = boot;
        Emit(EventTypes.ChargerBoot, now, EventBody.Boot(Registered().ChargeBoxId, boot, now));
        Outbox.Charger = ToCharger();
    }

    public void Heartbeat(DateTimeOffset now)
    {
        LastHeartbeat = now;
        if (now - _heartbeatCommitted >= HeartbeatLag)
        {
            _heartbeatCommitted = now;
            Outbox.Charger = ToCharger();
        }
    }
}
