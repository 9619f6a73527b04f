using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>An event of a replay.</summary>
internal sealed class ReplayDelivery(Delivery delivery, ReplayRun run) : Job
{
    private string? _deliveryId;

    /// <summary>The event, in the replay's own lanes.</summary>
    public Delivery Delivery => delivery;

    /// <summary>Its replay.</summary>
    public ReplayRun Run => run;

    /// <inheritdoc/>
    public override string? DeliveryId => _deliveryId;

    /// <summary>Nobody else may attempt the delivery until this one is done.</summary>
    public void Claim(string deliveryId) => _deliveryId = deliveryId;
}

/// <summary>A replay under way. Its pump guards it against threads.</summary>
internal sealed class ReplayRun
{
    private readonly long _ticksPerEvent;
    private readonly long _burst;
    private readonly Replay _start;
    private readonly SortedDictionary<long, bool> _ahead = [];

    /// <summary>Goes on from where <paramref name="replay"/> stands.</summary>
    public ReplayRun(Replay replay, WebhookOptions options, TimeProvider time)
    {
        _start = replay;
        ReadTo = replay.Position;
        (Delivered, Failed) = (replay.Delivered, replay.Failed);
        Matched = replay.Request.DryRun ? replay.Matched : Delivered + Failed; // what was read and not sent is read again
        Filter = replay.Request.Events is null && replay.Request.ChargeBoxIds is null
            ? null
            : new EventFilter(replay.Request.Events ?? [EventTypes.Any], replay.Request.ChargeBoxIds);
        _ticksPerEvent = Math.Max(1, time.TimestampFrequency / options.ReplayRate);
        _burst = time.TimestampFrequency / 50;
    }

    /// <summary><c>rpl_…</c></summary>
    public string Id => _start.Id;

    /// <summary>What was asked for.</summary>
    public ReplayRequest Request => _start.Request;

    /// <summary>The last position.</summary>
    public long UpTo => _start.UpTo;

    /// <summary>What of the webhook's events; null: all.</summary>
    public EventFilter? Filter { get; }

    /// <summary>Its events in memory.</summary>
    public DeliveryLanes Lanes { get; } = new();

    /// <summary>Everything up to here was read.</summary>
    public long ReadTo { get; set; }

    /// <summary>True while a page is being read.</summary>
    public bool IsReading { get; set; }

    /// <summary>See <see cref="Replay.Matched"/>.</summary>
    public long Matched { get; set; }

    /// <summary>See <see cref="Replay.Delivered"/>.</summary>
    public long Delivered { get; private set; }

    /// <summary>See <see cref="Replay.Failed"/>.</summary>
    public long Failed { get; private set; }

    /// <summary>When the next event may go.</summary>
    public long NextAt { get; private set; }

    /// <summary>True when all was read, and nothing is left.</summary>
    public bool IsDone => ReadTo >= UpTo && Lanes.Count == 0;

    /// <summary>As it is now.</summary>
    public Replay Now(DateTimeOffset? endedAt = null, ReplayStatus status = ReplayStatus.Running) => _start with
    {
        Status = status,
        Position = Position,
        Matched = Matched,
        Delivered = Delivered,
        Failed = Failed,
        EndedAt = endedAt,
    };

    /// <summary>Everything up to here is done.</summary>
    public long Position => Lanes.Earliest - 1 ?? ReadTo;

    /// <summary>
    /// An event's end. It counts when the position passes it: what is counted and what is done again after a restart must not overlap.
    /// </summary>
    public void End(Delivery delivery, bool isDelivered)
    {
        Lanes.Finish(delivery);
        _ahead.Add(delivery.Event.Position, isDelivered);
        while (_ahead.Count > 0 && _ahead.First() is var (position, wasDelivered) && position <= Position)
        {
            _ahead.Remove(position);
            (Delivered, Failed) = wasDelivered ? (Delivered + 1, Failed) : (Delivered, Failed + 1);
        }
    }

    /// <summary>An event goes out.</summary>
    public void Pace(long now) => NextAt = Math.Max(NextAt, now - _burst) + _ticksPerEvent;

    /// <summary>True when an event is one of those asked for.</summary>
    public bool Wants(JournalEvent item) =>
        item.Position <= UpTo
        && (Request.From is not { } from || item.At >= from)
        && (Request.To is not { } to || item.At < to)
        && (Filter is null || Filter.Matches(item));
}
