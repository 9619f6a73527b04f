namespace Capacitor.Events;

/// <summary>The names of the events, as the webhook API documents them.</summary>
public static class EventTypes
{
    /// <summary>Charger connects via WebSocket.</summary>
    public const string ChargerConnected = "charger.connected";

    /// <summary>Charger disconnects.</summary>
    public const string ChargerDisconnected = "charger.disconnected";

    /// <summary>Charger sends BootNotification.</summary>
    public const string ChargerBoot = "charger.boot";

    /// <summary>Connector status changes.</summary>
    public const string ConnectorStatusChanged = "connector.status_changed";

    /// <summary>Charging session begins.</summary>
    public const string TransactionStarted = "transaction.started";

    /// <summary>Charging session ends.</summary>
    public const string TransactionStopped = "transaction.stopped";

    /// <summary>Meter values updated during session.</summary>
    public const string TransactionUpdated = "transaction.updated";

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } =
        [ChargerConnected, ChargerDisconnected, ChargerBoot, ConnectorStatusChanged, TransactionStarted, TransactionStopped, TransactionUpdated];

    /// <summary>Stands for all events in a webhook's list.</summary>
    public const string Any = "*";
}
