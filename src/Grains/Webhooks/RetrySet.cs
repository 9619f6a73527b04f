using System.Diagnostics.CodeAnalysis;
using Capacitor.Chargers;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>An event that waits for another attempt. What else there is to know of it is in the delivery log and in the journal: of these there may be many.</summary>
internal sealed class Retry(string deliveryId, long position, DateTimeOffset eventAt) : Job
{
    /// <inheritdoc/>
    public override string DeliveryId => deliveryId;

    /// <summary>The event's position.</summary>
    public long Position => position;

    /// <summary>When the event happened.</summary>
    public DateTimeOffset EventAt => eventAt;

    /// <summary>When it is due, as the time provider's timestamp.</summary>
    public required long Due { get; init; }

    /// <summary>What it is attempted for.</summary>
    public AttemptTrigger Trigger { get; init; }

    /// <summary>The lane that it holds up; null: none.</summary>
    public HeldLane? Held { get; set; }

    /// <summary>The key by which a newer event takes its place; null: none does.</summary>
    public ConflationKey? Key { get; init; }

    /// <summary>Its line of the delivery log as long as that is not durable.</summary>
    public DeliveryRecord? Unwritten { get; set; }

    /// <summary>How often it could not be read.</summary>
    public int Misreads { get; set; }

    /// <summary>True when it is not to be attempted any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>The same at another time.</summary>
    public Retry At(long due) => new(deliveryId, position, eventAt) { Due = due, Trigger = Trigger, Held = Held, Key = Key, Unwritten = Unwritten, Misreads = Misreads };
}

/// <summary>A charger's events that wait for one of them.</summary>
internal sealed record HeldLane(DeliveryLane Lane, ChargeBoxId Charger, string EventId, long Until);

/// <summary>A webhook's events that wait for another attempt, those that are due first. Its user guards it against threads.</summary>
internal sealed class RetrySet
{
    private readonly PriorityQueue<Retry, long> _byDue = new();
    private readonly Dictionary<string, Retry> _byId = [];
    private readonly Dictionary<ConflationKey, Retry> _byKey = [];
    private readonly List<Retry> _holding = [];

    /// <summary>How many wait.</summary>
    public int Count => _byId.Count;

    /// <summary>When the next one is due; null when none waits.</summary>
    public long? NextDue
    {
        get
        {
            while (_byDue.TryPeek(out var next, out var due))
            {
                if (!next.IsGone)
                {
                    return due;
                }

                _byDue.Dequeue();
            }

            return null;
        }
    }

    /// <summary>When the oldest of the events happened; null when none waits.</summary>
    public DateTimeOffset? OldestAt => _byId.Count == 0 ? null : _byId.Values.Min(retry => retry.EventAt);

    /// <summary>When the next one has held up its charger's events for long enough; null when none does.</summary>
    public long? NextLetGo => _holding.Count == 0 ? null : _holding.Min(retry => retry.Held!.Until);

    /// <summary>
    /// Takes one, in place of another of the same delivery, and answers what waits now: it is attempted when the first of both was to be, and what waited for the
    /// other waits for it.
    /// </summary>
    public Retry Add(Retry retry)
    {
        if (Remove(retry.DeliveryId) is { } other)
        {
            retry = new Retry(retry.DeliveryId, retry.Position, retry.EventAt)
            {
                Due = Math.Min(retry.Due, other.Due),
                Trigger = retry.Due <= other.Due ? retry.Trigger : other.Trigger,
                Held = retry.Held ?? other.Held,
                Key = retry.Key ?? other.Key,
                Unwritten = retry.Unwritten,
                Misreads = retry.Misreads,
            };
        }

        if (_byDue.Count > (2 * _byId.Count) + 64)
        {
            Tidy();
        }

        _byId.Add(retry.DeliveryId, retry);
        _byDue.Enqueue(retry, retry.Due);
        if (retry.Held is not null)
        {
            _holding.Add(retry);
        }

        if (retry.Key is { } key && !(_byKey.TryGetValue(key, out var newest) && newest.Position > retry.Position))
        {
            _byKey[key] = retry;
        }

        return retry;
    }

    /// <summary>True when a delivery waits.</summary>
    public bool Has(string deliveryId) => _byId.ContainsKey(deliveryId);

    /// <summary>The one of a delivery, or null.</summary>
    public Retry? Find(string deliveryId) => _byId.GetValueOrDefault(deliveryId);

    /// <summary>Takes out one that is due.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out Retry? retry)
    {
        retry = null;
        if (NextDue is not { } due || due > now)
        {
            return false;
        }

        retry = _byDue.Dequeue();
        Forget(retry);
        return true;
    }

    /// <summary>Takes out the one of a delivery, or null.</summary>
    public Retry? Remove(string deliveryId)
    {
        if (!_byId.TryGetValue(deliveryId, out var retry))
        {
            return null;
        }

        retry.IsGone = true;
        Forget(retry);
        return retry;
    }

    /// <summary>Takes out the one whose place a newer event at <paramref name="position"/> with this key takes, or null.</summary>
    public Retry? Supersede(ConflationKey key, long position) =>
        _byKey.TryGetValue(key, out var retry) && retry.Position < position ? Remove(retry.DeliveryId) : null;

    /// <summary>Those that have held up their chargers' events for long enough; they go on waiting, but nobody waits for them.</summary>
    public IReadOnlyList<HeldLane> LetGo(long now)
    {
        if (_holding.Count == 0)
        {
            return [];
        }

        var held = new List<HeldLane>();
        foreach (var retry in _holding.FindAll(retry => retry.Held!.Until <= now))
        {
            held.Add(retry.Held!);
            retry.Held = null;
            _holding.Remove(retry);
        }

        return held;
    }

    // What was taken out before its time is still in the queue.
    private void Tidy()
    {
        _byDue.Clear();
        _byDue.EnqueueRange(_byId.Values.Select(retry => (retry, retry.Due)));
    }

    private void Forget(Retry retry)
    {
        _byId.Remove(retry.DeliveryId);
        if (retry.Held is not null)
        {
            _holding.Remove(retry);
        }

        if (retry.Key is { } key && _byKey.TryGetValue(key, out var newest) && newest == retry)
        {
            _byKey.Remove(key);
        }
    }
}
