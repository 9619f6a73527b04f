using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryStatus
{
    /// <summary>It waits for an attempt.</summary>
    Pending = 0,

    /// <summary>The endpoint took it.</summary>
    Delivered = 1,

    /// <summary>All its attempts failed.</summary>
    Exhausted = 2,

    /// <summary>It waited too long, or its webhook was switched off meanwhile.</summary>
    Expired = 3,

    /// <summary>A newer event took its place while it waited.</summary>
    Superseded = 4,
}

/// <summary>One event on its way to one webhook, with every attempt, as the delivery log keeps it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.delivery")]
public sealed record DeliveryRecord
{
    /// <summary>How many attempts are kept, the newest.</summary>
    public const int MostAttempts = 20;

    /// <summary><c>dlv_…</c>; see <see cref="DeliveryId"/>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary><c>wh_…</c></summary>
    [Id(1)] public required string WebhookId { get; init; }

    /// <summary>Whose it is.</summary>
    [Id(2)] public required TenantId Tenant { get; init; }

    /// <summary>The event's position; for a test, the journal's head.</summary>
    [Id(3)] public required long Position { get; init; }

    /// <summary><c>evt_…</c></summary>
    [Id(4)] public required string EventId { get; init; }

    /// <summary>The event's type.</summary>
    [Id(5)] public required string EventType { get; init; }

    /// <summary>The event's charger.</summary>
    [Id(6)] public required ChargeBoxId ChargeBoxId { get; init; }

    /// <summary>When the event happened.</summary>
    [Id(7)] public required DateTimeOffset EventAt { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(8)] public required DeliveryStatus Status { get; init; }

    /// <summary>When it was first attempted, or put off.</summary>
    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it came to stand there.</summary>
    [Id(10)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it is tried next; null unless pending.</summary>
    [Id(11)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Attempts so far.</summary>
    [Id(12)] public required int AttemptCount { get; init; }

    /// <summary>Attempts that it may have in all.</summary>
    [Id(13)] public required int Budget { get; init; }

    /// <summary>When the log may forget it. A pending one is never forgotten.</summary>
    [Id(14)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The last <see cref="MostAttempts"/>, oldest first.</summary>
    [Id(15)] public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];
}

/// <summary>What an attempt was made for.</summary>
public enum AttemptTrigger
{
    /// <summary>The event, or its retry policy.</summary>
    Auto = 0,

    /// <summary>Somebody asked for this one.</summary>
    Manual = 1,

    /// <summary>A replay.</summary>
    Replay = 2,

    /// <summary>A test of the webhook.</summary>
    Test = 3,
}

/// <summary>One POST.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.delivery-attempt")]
public sealed record DeliveryAttempt
{
    /// <summary>What is kept of an answer's body, in bytes.</summary>
    public const int MostBodyBytes = 1024;

    /// <summary>From 1.</summary>
    [Id(0)] public required int Number { get; init; }

    /// <summary>When it began.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }

    /// <summary>What it was made for.</summary>
    [Id(2)] public AttemptTrigger Trigger { get; init; }

    /// <summary><c>delivered</c>, or the class of the failure, such as <c>rejected</c> or <c>timed_out</c>.</summary>
    [Id(3)] public required string Outcome { get; init; }

    /// <summary>The answer's status; null: there was none.</summary>
    [Id(4)] public int? Status { get; init; }

    /// <summary>What went wrong, for people; null when nothing did.</summary>
    [Id(5)] public string? Error { get; init; }

    /// <summary>The address and port that it went to; null: it got to none.</summary>
    [Id(6)] public string? Address { get; init; }

    /// <summary>True when a connection was used again.</summary>
    [Id(7)] public bool Reused { get; init; }

    /// <summary>The look-up of the name; null when there was none.</summary>
    [Id(8)] public TimeSpan? Dns { get; init; }

    /// <summary>The TCP connection; null when a connection was used again.</summary>
    [Id(9)] public TimeSpan? Connect { get; init; }

    /// <summary>The TLS handshake; null when there was none.</summary>
    [Id(10)] public TimeSpan? Tls { get; init; }

    /// <summary>From the beginning to the first byte of the answer; null: none came.</summary>
    [Id(11)] public TimeSpan? FirstByte { get; init; }

    /// <summary>From the beginning to the end of the answer, or to the failure.</summary>
    [Id(12)] public required TimeSpan Total { get; init; }

    /// <summary>The answer's headers.</summary>
    [Id(13)] public IReadOnlyList<WebhookHeader> ResponseHeaders { get; init; } = [];

    /// <summary>The first <see cref="MostBodyBytes"/> of the answer's body.</summary>
    [Id(14)] public byte[]? Body { get; init; }

    /// <summary>True when the body was longer.</summary>
    [Id(15)] public bool BodyTruncated { get; init; }

    /// <summary>The id of an event of the charger that was to come before and had not been delivered, as the attempt said; null: there was none.</summary>
    [Id(16)] public string? Gap { get; init; }
}

/// <summary>Which deliveries; null members match all.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.delivery-filter")]
public sealed record DeliveryFilter
{
    /// <summary>Those that stand there.</summary>
    [Id(0)] public DeliveryStatus? Status { get; init; }

    /// <summary>Those of one event type.</summary>
    [Id(1)] public string? EventType { get; init; }

    /// <summary>Those of one charger.</summary>
    [Id(2)] public ChargeBoxId? ChargeBoxId { get; init; }

    /// <summary>Those of events that happened then or later.</summary>
    [Id(3)] public DateTimeOffset? From { get; init; }

    /// <summary>Those of events that happened before.</summary>
    [Id(4)] public DateTimeOffset? To { get; init; }

    /// <summary>Those of some event types.</summary>
    [Id(5)] public IReadOnlyList<string>? EventTypes { get; init; }
}

/// <summary>The ids of deliveries: an event has one and the same per webhook, for ever, and it says at which position to look.</summary>
public static class DeliveryId
{
    private const string Prefix = "dlv_";
    private const int HashDigits = 16;

    /// <summary>The id of an event's delivery to a webhook.</summary>
    public static string Derive(string webhookId, string eventId, long position)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{webhookId}/{eventId}"));
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{position:x}{Convert.ToHexStringLower(hash.AsSpan(0, HashDigits / 2))}");
    }

    /// <summary>The position in an id; false when it is none.</summary>
    public static bool TryReadPosition(string id, out long position)
    {
        position = 0;
        var digits = id.Length - Prefix.Length - HashDigits;
        return digits is > 0 and <= 15 && id.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(Prefix.Length, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out position);
    }
}
