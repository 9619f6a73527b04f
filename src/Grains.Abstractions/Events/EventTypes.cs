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

    /// <summary>A webhook that may be deactivated has delivered nothing for a part of the time that it is allowed to.</summary>
    public const string WebhookFailing = "webhook.failing";

    /// <summary>Such a webhook delivers again.</summary>
    public const string WebhookRecovered = "webhook.recovered";

    /// <summary>A webhook was deactivated because its endpoint failed for too long, or said that it is gone.</summary>
    public const string WebhookDisabled = "webhook.disabled";

    /// <summary>What a test of a webhook posts; no event: it is in no list and in no journal.</summary>
    public const string WebhookTest = "webhook.test";

    /// <summary>Those that chargers cause, in the order of the documentation.</summary>
    public static IReadOnlyList<string> OfChargers { get; } =
        [ChargerConnected, ChargerDisconnected, ChargerBoot, ConnectorStatusChanged, TransactionStarted, TransactionStopped, TransactionUpdated];

    /// <summary>Those that webhooks cause.</summary>
    public static IReadOnlyList<string> OfWebhooks { get; } = [WebhookFailing, WebhookRecovered, WebhookDisabled];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfChargers, .. OfWebhooks];

    /// <summary>Stands for all events in a webhook's list.</summary>
    public const string Any = "*";

    /// <summary>
    /// Those of <paramref name="types"/> that a name stands for: the one of that name, those of a group such as <c>transaction.*</c>, or all. Empty: it stands for none.
    /// </summary>
    public static IReadOnlyList<string> Named(string name, IReadOnlyList<string> types) => name == Any ? types
        : name.EndsWith(".*", StringComparison.Ordinal) ? [.. types.Where(type => type.StartsWith(name[..^1], StringComparison.Ordinal))]
        : [.. types.Where(type => type == name)];
}
