namespace Capacitor.Webhooks;

/// <summary>What to send once more. Either end may be open: from the oldest event kept, and up to now.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.replay-request")]
public sealed record ReplayRequest
{
    /// <summary>Events that happened then or later.</summary>
    [Id(0)] public DateTimeOffset? From { get; init; }

    /// <summary>Events that happened before; null: up to now.</summary>
    [Id(1)] public DateTimeOffset? To { get; init; }

    /// <summary>True: only what was not delivered.</summary>
    [Id(2)] public bool MissedOnly { get; init; }

    /// <summary>True: only count.</summary>
    [Id(3)] public bool DryRun { get; init; }

    /// <summary>Event types, as in a webhook's list; null: whatever the webhook gets.</summary>
    [Id(4)] public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Chargers; null: whatever the webhook gets.</summary>
    [Id(5)] public IReadOnlyList<string>? ChargeBoxIds { get; init; }
}

/// <summary>What an inactive webhook missed, since when; <paramref name="Events"/>: how many events, null when there was no time to count them.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.missed-events")]
public sealed record MissedEvents([property: Id(0)] DateTimeOffset Since, [property: Id(1)] long? Events);

/// <summary>Where a replay stands.</summary>
public enum ReplayStatus
{
    /// <summary>It waits for its turn, or is at it.</summary>
    Running = 0,

    /// <summary>All was sent, or counted.</summary>
    Completed = 1,

    /// <summary>It was called off.</summary>
    Cancelled = 2,
}

/// <summary>Events that are sent once more, beside the live ones and never in their way.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.replay")]
public sealed record Replay
{
    /// <summary><c>rpl_…</c></summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>What was asked for.</summary>
    [Id(1)] public required ReplayRequest Request { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)] public required ReplayStatus Status { get; init; }

    /// <summary>It begins after this position.</summary>
    [Id(3)] public required long After { get; init; }

    /// <summary>It ends with this position.</summary>
    [Id(4)] public required long UpTo { get; init; }

    /// <summary>Everything up to here is done.</summary>
    [Id(5)] public required long Position { get; init; }

    /// <summary>Events found so far that are to be sent.</summary>
    [Id(6)] public long Matched { get; init; }

    /// <summary>Of them, delivered.</summary>
    [Id(7)] public long Delivered { get; init; }

    /// <summary>Of them, failed.</summary>
    [Id(8)] public long Failed { get; init; }

    /// <summary>When it was asked for.</summary>
    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    [Id(10)] public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>How a webhook is doing.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.webhook-health")]
public sealed record WebhookHealth
{
    /// <summary><c>healthy</c>, <c>failing</c> (attempts are made and fail) <c>open</c> (events wait, and one at a time tries whether the endpoint is back) or <c>inactive</c>.</summary>
    [Id(0)] public required string Status { get; init; }

    /// <summary>Since when nothing was delivered; null when the last attempt succeeded.</summary>
    [Id(1)] public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the endpoint is next tried while it is open or asked for a pause.</summary>
    [Id(2)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Requests it may have under way at the moment.</summary>
    [Id(3)] public int Concurrency { get; init; }

    /// <summary>Requests under way.</summary>
    [Id(4)] public int InFlight { get; init; }

    /// <summary>Deliveries that wait for a retry.</summary>
    [Id(5)] public int Pending { get; init; }

    /// <summary>When the oldest event happened that it has not had a first attempt at; null when none waits.</summary>
    [Id(6)] public DateTimeOffset? OldestWaiting { get; init; }

    /// <summary>While it is inactive: from when on events were missed; null when it never rested.</summary>
    [Id(7)] public DateTimeOffset? MissedSince { get; init; }
}
