using System.Text;
using Capacitor.Webhooks;

namespace Capacitor.Api.Webhooks;

/// <summary>A delivery in a list.</summary>
internal sealed record DeliveryBody
{
    public required string Id { get; init; }

    public required string EventId { get; init; }

    public required string Event { get; init; }

    public required string? ChargeBoxId { get; init; }

    public required string Status { get; init; }

    public required int AttemptCount { get; init; }

    public required DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset EventAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required IReadOnlyList<AttemptBody> Attempts { get; init; }

    public static string Word(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Pending => "pending",
        DeliveryStatus.Delivered => "delivered",
        DeliveryStatus.Exhausted => "exhausted",
        DeliveryStatus.Expired => "expired",
        DeliveryStatus.Superseded => "superseded",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };

    public static DeliveryBody Of(DeliveryRecord delivery) => new()
    {
        Id = delivery.Id,
        EventId = delivery.EventId,
        Event = delivery.EventType,
        ChargeBoxId = delivery.ChargeBoxId.Value is { Length: > 0 } charger ? charger : null,
        Status = Word(delivery.Status),
        AttemptCount = delivery.AttemptCount,
        NextAttemptAt = delivery.NextAttemptAt,
        EventAt = delivery.EventAt,
        CreatedAt = delivery.CreatedAt,
        UpdatedAt = delivery.UpdatedAt,
        Attempts = [.. delivery.Attempts.Select(AttemptBody.Of)],
    };
}

/// <summary>An attempt in a list.</summary>
internal sealed record AttemptBody(int Number, DateTimeOffset At, string Trigger, string Outcome, int? StatusCode, double DurationMs, string? Error)
{
    public static AttemptBody Of(DeliveryAttempt attempt) => new(
        attempt.Number, attempt.At, Word(attempt.Trigger), attempt.Outcome, attempt.Status, Milliseconds(attempt.Total)!.Value, attempt.Error);

    public static string Word(AttemptTrigger trigger) => trigger switch
    {
        AttemptTrigger.Auto => "auto",
        AttemptTrigger.Manual => "manual",
        AttemptTrigger.Replay => "replay",
        AttemptTrigger.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, "There is no such trigger."),
    };

    public static double? Milliseconds(TimeSpan? time) => time is { } span ? Math.Round(span.TotalMilliseconds, 3) : null;
}

/// <summary>An attempt with all that is known of it.</summary>
internal sealed record AttemptDetailBody
{
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Trigger { get; init; }

    public required string Outcome { get; init; }

    public required int? StatusCode { get; init; }

    public required double DurationMs { get; init; }

    public required string? Error { get; init; }

    public required string? Address { get; init; }

    public required bool ConnectionReused { get; init; }

    public required TimingsBody Timings { get; init; }

    public required AnswerBody? Response { get; init; }

    public static AttemptDetailBody Of(DeliveryAttempt attempt) => new()
    {
        Number = attempt.Number,
        At = attempt.At,
        Trigger = AttemptBody.Word(attempt.Trigger),
        Outcome = attempt.Outcome,
        StatusCode = attempt.Status,
        DurationMs = AttemptBody.Milliseconds(attempt.Total)!.Value,
        Error = attempt.Error,
        Address = attempt.Address,
        ConnectionReused = attempt.Reused,
        Timings = new TimingsBody(
            AttemptBody.Milliseconds(attempt.Dns), AttemptBody.Milliseconds(attempt.Connect), AttemptBody.Milliseconds(attempt.Tls),
            AttemptBody.Milliseconds(attempt.FirstByte), AttemptBody.Milliseconds(attempt.Total)!.Value),
        Response = attempt.Status is null ? null : AnswerBody.Of(attempt),
    };
}

/// <summary>Where an attempt's time went; null: there was no such step.</summary>
internal sealed record TimingsBody(double? DnsMs, double? ConnectMs, double? TlsMs, double? FirstByteMs, double TotalMs);

/// <summary>What is kept of the answer: its headers, and the first KiB of the body as text.</summary>
internal sealed record AnswerBody(IReadOnlyList<HeaderBody> Headers, string Body, bool BodyTruncated)
{
    public static AnswerBody Of(DeliveryAttempt attempt) => new(
        [.. attempt.ResponseHeaders.Select(header => new HeaderBody(header.Name, header.Value))], Encoding.UTF8.GetString(attempt.Body ?? []), attempt.BodyTruncated);
}

internal sealed record HeaderBody(string Name, string Value);

/// <summary>A delivery with all that is known of its attempts.</summary>
internal sealed record DeliveryDetailBody
{
    public required string Id { get; init; }

    public required string EventId { get; init; }

    public required string Event { get; init; }

    public required string? ChargeBoxId { get; init; }

    public required string Status { get; init; }

    public required int AttemptCount { get; init; }

    public required DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset EventAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required IReadOnlyList<AttemptDetailBody> Attempts { get; init; }

    public static DeliveryDetailBody Of(DeliveryRecord delivery)
    {
        var brief = DeliveryBody.Of(delivery);
        return new DeliveryDetailBody
        {
            Id = brief.Id,
            EventId = brief.EventId,
            Event = brief.Event,
            ChargeBoxId = brief.ChargeBoxId,
            Status = brief.Status,
            AttemptCount = brief.AttemptCount,
            NextAttemptAt = brief.NextAttemptAt,
            EventAt = brief.EventAt,
            CreatedAt = brief.CreatedAt,
            UpdatedAt = brief.UpdatedAt,
            Attempts = [.. delivery.Attempts.Select(AttemptDetailBody.Of)],
        };
    }
}

internal sealed record DeliveryListBody(IReadOnlyList<DeliveryBody> Deliveries, CursorBody Pagination);

/// <summary>Where to go on: <c>cursor</c> of the next request; null at the end.</summary>
internal sealed record CursorBody(int Limit, string? NextCursor);

/// <summary>How a test went.</summary>
internal sealed record TestBody(string DeliveryId, string Status, int? StatusCode, double DurationMs, AttemptDetailBody Attempt)
{
    public static TestBody Of(DeliveryRecord delivery)
    {
        var attempt = AttemptDetailBody.Of(delivery.Attempts[0]);
        return new(delivery.Id, DeliveryBody.Word(delivery.Status), attempt.StatusCode, attempt.DurationMs, attempt);
    }
}

/// <summary>How a webhook is doing.</summary>
internal sealed record HealthBody(
    string Status, DateTimeOffset? FailingSince, DateTimeOffset? NextAttemptAt, int Concurrency, int InFlight, int Pending, DateTimeOffset? OldestWaiting, DateTimeOffset? MissedSince)
{
    public static HealthBody Of(WebhookHealth health) => new(
        health.Status, health.FailingSince, health.NextAttemptAt, health.Concurrency, health.InFlight, health.Pending, health.OldestWaiting, health.MissedSince);
}
