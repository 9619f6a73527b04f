using System.Buffers;

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

    /// <summary>A charger is registered.</summary>
    public const string ChargerRegistered = "charger.registered";

    /// <summary>A charger is deleted.</summary>
    public const string ChargerDeleted = "charger.deleted";

    /// <summary>A registered charger was refused at the handshake.</summary>
    public const string ChargerConnectionRejected = "charger.connection_rejected";

    /// <summary>The status of a charger as a whole changes.</summary>
    public const string ChargerStatusChanged = "charger.status_changed";

    /// <summary>A charger sends data of its vendor (DataTransfer).</summary>
    public const string ChargerDataReceived = "charger.data_received";

    /// <summary>A charger asks for a certificate to be signed (SignCertificate).</summary>
    public const string ChargerCertificateRequested = "charger.certificate_requested";

    /// <summary>A connector or a charger reports a fault.</summary>
    public const string FaultDetected = "fault.detected";

    /// <summary>The fault is gone.</summary>
    public const string FaultCleared = "fault.cleared";

    /// <summary>A charger reports something that concerns its security.</summary>
    public const string SecurityEventReported = "security.event_reported";

    /// <summary>A firmware update makes progress, or fails.</summary>
    public const string FirmwareStatusChanged = "firmware.status_changed";

    /// <summary>The upload of diagnostics or logs makes progress, or fails.</summary>
    public const string DiagnosticsStatusChanged = "diagnostics.status_changed";

    /// <summary>Something is wrong that no message tells: a charger is offline for too long, and the like.</summary>
    public const string AlarmTriggered = "alarm.triggered";

    /// <summary>It is right again.</summary>
    public const string AlarmResolved = "alarm.resolved";

    /// <summary>An id tag may charge.</summary>
    public const string AuthorizationAccepted = "authorization.accepted";

    /// <summary>An id tag may not charge.</summary>
    public const string AuthorizationRejected = "authorization.rejected";

    /// <summary>A remote start was refused, or no transaction came of it.</summary>
    public const string TransactionStartFailed = "transaction.start_failed";

    /// <summary>A remote stop was refused.</summary>
    public const string TransactionStopFailed = "transaction.stop_failed";

    /// <summary>A charger took a reservation.</summary>
    public const string ReservationCreated = "reservation.created";

    /// <summary>A reservation was cancelled.</summary>
    public const string ReservationCancelled = "reservation.cancelled";

    /// <summary>A reservation ended unused.</summary>
    public const string ReservationExpired = "reservation.expired";

    /// <summary>A transaction began that had been reserved for.</summary>
    public const string ReservationUsed = "reservation.used";

    /// <summary>A charger refused a reservation.</summary>
    public const string ReservationRejected = "reservation.rejected";

    /// <summary>A charger took a charging profile.</summary>
    public const string ChargingProfileApplied = "charging_profile.applied";

    /// <summary>A charger refused a charging profile.</summary>
    public const string ChargingProfileRejected = "charging_profile.rejected";

    /// <summary>A charger dropped a charging profile.</summary>
    public const string ChargingProfileCleared = "charging_profile.cleared";

    /// <summary>A limit of what a charger may draw is in force.</summary>
    public const string LoadLimitApplied = "load.limit_applied";

    /// <summary>Such a limit is in force no longer.</summary>
    public const string LoadLimitReleased = "load.limit_released";

    /// <summary>A charger did what it was asked to.</summary>
    public const string CommandCompleted = "command.completed";

    /// <summary>A charger refused a command, or did not answer.</summary>
    public const string CommandFailed = "command.failed";

    /// <summary>An id tag is made.</summary>
    public const string IdTagCreated = "id_tag.created";

    /// <summary>An id tag changes.</summary>
    public const string IdTagUpdated = "id_tag.updated";

    /// <summary>An id tag is deleted.</summary>
    public const string IdTagDeleted = "id_tag.deleted";

    /// <summary>An id tag is assigned to a user.</summary>
    public const string IdTagAssigned = "id_tag.assigned";

    /// <summary>An id tag is revoked or blocked.</summary>
    public const string IdTagRevoked = "id_tag.revoked";

    /// <summary>An id tag is valid no longer.</summary>
    public const string IdTagExpired = "id_tag.expired";

    /// <summary>A user is made.</summary>
    public const string UserCreated = "user.created";

    /// <summary>A user changes.</summary>
    public const string UserUpdated = "user.updated";

    /// <summary>A user is deleted.</summary>
    public const string UserDeleted = "user.deleted";

    /// <summary>A payment succeeded.</summary>
    public const string PaymentCompleted = "payment.completed";

    /// <summary>A payment failed.</summary>
    public const string PaymentFailed = "payment.failed";

    /// <summary>A payment was given back.</summary>
    public const string PaymentRefunded = "payment.refunded";

    /// <summary>A webhook that may be deactivated has delivered nothing for a part of the time that it is allowed to.</summary>
    public const string WebhookFailing = "webhook.failing";

    /// <summary>Such a webhook delivers again.</summary>
    public const string WebhookRecovered = "webhook.recovered";

    /// <summary>A webhook was deactivated because its endpoint failed for too long, or said that it is gone.</summary>
    public const string WebhookDisabled = "webhook.disabled";

    /// <summary>What a test of a webhook posts; no event: it is in no list and in no journal.</summary>
    public const string WebhookTest = "webhook.test";

    /// <summary>Begins the names of events that a tenant's own systems publish; what follows is theirs to choose.</summary>
    public const string CustomPrefix = "custom.";

    /// <summary>Stands for all events whose names begin so.</summary>
    public const string AnyCustom = CustomPrefix + "*";

    /// <summary>The most characters that a tenant may put after <see cref="CustomPrefix"/>.</summary>
    public const int MostCustomCharacters = 100;

    /// <summary>The seven that the documentation of the webhook API lists, in its order.</summary>
    public static IReadOnlyList<string> Documented { get; } =
        [ChargerConnected, ChargerDisconnected, ChargerBoot, ConnectorStatusChanged, TransactionStarted, TransactionStopped, TransactionUpdated];

    /// <summary>Those that concern a charger.</summary>
    public static IReadOnlyList<string> OfChargers { get; } =
    [
        .. Documented,
        ChargerRegistered, ChargerDeleted, ChargerConnectionRejected, ChargerStatusChanged,
        ChargerDataReceived, ChargerCertificateRequested, FaultDetected, FaultCleared,
        SecurityEventReported, FirmwareStatusChanged, DiagnosticsStatusChanged, AlarmTriggered,
        AlarmResolved, AuthorizationAccepted, AuthorizationRejected, TransactionStartFailed,
        TransactionStopFailed, ReservationCreated, ReservationCancelled, ReservationExpired,
        ReservationUsed, ReservationRejected, ChargingProfileApplied, ChargingProfileRejected,
        ChargingProfileCleared, LoadLimitApplied, LoadLimitReleased, CommandCompleted,
        CommandFailed,
    ];

    /// <summary>Those that concern tags, users and payments.</summary>
    public static IReadOnlyList<string> OfTenants { get; } =
    [
        IdTagCreated, IdTagUpdated, IdTagDeleted, IdTagAssigned, IdTagRevoked, IdTagExpired,
        UserCreated, UserUpdated, UserDeleted, PaymentCompleted, PaymentFailed, PaymentRefunded,
    ];

    /// <summary>Those that webhooks cause.</summary>
    public static IReadOnlyList<string> OfWebhooks { get; } = [WebhookFailing, WebhookRecovered, WebhookDisabled];

    /// <summary>All of them that the server makes; a tenant's own are not among them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfChargers, .. OfTenants, .. OfWebhooks];

    /// <summary>Stands for all events in a webhook's list.</summary>
    public const string Any = "*";

    /// <summary>
    /// Those of <paramref name="types"/> that a name stands for: the one of that name, those of a group such as <c>transaction.*</c>, or all. A tenant's own names,
    /// and <see cref="AnyCustom"/>, stand for themselves. Empty: it stands for none.
    /// </summary>
    public static IReadOnlyList<string> Named(string name, IReadOnlyList<string> types) => name == Any ? types
        : name == AnyCustom || IsCustom(name) ? [name]
        : name.EndsWith(".*", StringComparison.Ordinal) ? [.. types.Where(type => type.StartsWith(name[..^1], StringComparison.Ordinal))]
        : [.. types.Where(type => type == name)];

    /// <summary>True for a name that a tenant may give an event of its own: the prefix, and 1 to 100 of <c>a-z 0-9 _ .</c></summary>
    public static bool IsCustom(string name) => name.StartsWith(CustomPrefix, StringComparison.Ordinal)
        && name.Length - CustomPrefix.Length is > 0 and <= MostCustomCharacters
        && !name.AsSpan(CustomPrefix.Length).ContainsAnyExcept(CustomCharacters);

    private static readonly SearchValues<char> CustomCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.");
}
