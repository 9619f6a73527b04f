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

    /// <summary>
    /// Makes a socket the charger's connection. Taking over from another socket tells of the new connection and of no disconnection:
    /// the charger was never gone.
    /// </summary>
    public long Attach(string gatewayId, DateTimeOffset now)
    {
        Epoch++;
        Connection = new Connection(gatewayId, now);
        Emit(EventTypes.ChargerConnected, now, EventBody.Connected(Registered().ChargeBoxId, now));
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
        var body = EventBody.Disconnected(Registered().ChargeBoxId, reason, connection.Since, now);
        Emit(EventTypes.ChargerDisconnected, now, body);
        Outbox.Charger = ToCharger();
    }

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
