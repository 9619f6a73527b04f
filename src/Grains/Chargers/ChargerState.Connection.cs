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
        Emit(EventTypes.ChargerConnected, new Occasion(now, Epoch, ""), EventBody.Connected(Registered().ChargeBoxId, now));
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
        Emit(EventTypes.ChargerDisconnected, new Occasion(now, Epoch, ""), body);
        Outbox.Charger = ToCharger();
    }

    public void Booted(BootData boot, Occasion occasion)
    {
        Boot = boot;
        Emit(EventTypes.ChargerBoot, occasion, EventBody.Boot(Registered().ChargeBoxId, boot, occasion.Now));
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
