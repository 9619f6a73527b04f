using System.Diagnostics.CodeAnalysis;
using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// A webhook's events in memory: in order per charger, chargers in turn, and the lowest position that is not done. Its user guards it against threads.
/// An event leaves in two steps: its charger's next one may start when it was attempted (<see cref="Release"/>), and the position passes it when that is on
/// record (<see cref="Settle"/>).
/// </summary>
internal sealed class DeliveryLanes
{
    private const int Overhead = 256;
    private const int PruneAt = 1_024;

    private readonly Dictionary<ChargeBoxId, DeliveryLane> _lanes = [];
    private readonly Dictionary<ConflationKey, Delivery> _newest = [];
    private readonly HashSet<long> _ahead = [];
    private readonly Queue<DeliveryLane> _ready = [];
    private readonly Stack<DeliveryLane> _spare = [];
    private readonly List<Delivery> _superseded = [];
    private Conflation? _conflation;
    private Delivery? _earliest;
    private Delivery? _latest;
    private long _ordinal;
    private int _pruneAt = PruneAt;

    /// <summary>Events not yet done, those under way included.</summary>
    public int Count { get; private set; }

    /// <summary>What they take in memory, roughly.</summary>
    public long Bytes { get; private set; }

    /// <summary>Chargers with an event to start and none under way.</summary>
    public int Ready => _ready.Count;

    /// <summary>Events since the earliest that is not done, it included: as many may be repeated after a crash.</summary>
    public long Span => _earliest is null ? 0 : _ordinal - _earliest.Ordinal;

    /// <summary>The position of the earliest event that is not done.</summary>
    public long? Earliest => _earliest?.Event.Position;

    /// <summary>When that event happened.</summary>
    public DateTimeOffset? EarliestAt => _earliest?.Event.At;

    /// <summary>Which events may be superseded; null: none. Those that came under another rule stay.</summary>
    public Conflation? Conflation
    {
        get => _conflation;
        set
        {
            _conflation = value;
            _newest.Clear();
        }
    }

    /// <summary>Takes an event; positions must rise, but for what was shed. One that is done, or under way, is left out: false.</summary>
    public bool Add(JournalEvent item)
    {
        if (_ahead.Contains(item.Position))
        {
            return false;
        }

        var lane = LaneOf(item.ChargeBoxId);
        var delivery = new Delivery(item, _ordinal++, lane);
        Link(delivery);
        Supersede(delivery);
        if (lane.First is not null)
        {
            lane.Last!.Behind = delivery;
            lane.Last = delivery;
            return true;
        }

        lane.First = lane.Last = delivery;
        if (!lane.Busy)
        {
            _ready.Enqueue(lane);
        }

        return true;
    }

    /// <summary>Starts the next event of the charger that has waited longest.</summary>
    public bool TryStart([NotNullWhen(true)] out Delivery? delivery)
    {
        delivery = null;
        DeliveryLane? lane;
        do
        {
            if (!_ready.TryDequeue(out lane))
            {
                return false;
            }
        }
        while (lane.Busy || lane.First is null); // it was held up, or served, since it came to the queue

        delivery = lane.First!;
        while (delivery.IsSuperseded)
        {
            delivery = delivery.Behind!; // what took its place comes later in the same lane
        }

        lane.First = delivery.Behind;
        lane.Busy = true;
        (delivery.IsTaken, delivery.Gap, lane.Gap) = (true, lane.Gap, null);
        Forget(delivery);
        return true;
    }

    /// <summary>Lets the charger's next event start.</summary>
    public void Release(Delivery delivery) => Release(delivery.Lane, delivery.Event.ChargeBoxId);

    /// <summary>Lets a charger's next event start; <paramref name="gap"/> is the id of one that did not get through before it.</summary>
    public void Release(DeliveryLane lane, ChargeBoxId charger, string? gap = null)
    {
        lane.Busy = false;
        lane.Gap = gap ?? lane.Gap;
        if (lane.First is not null)
        {
            _ready.Enqueue(lane);
            return;
        }

        lane.Last = null;
        if (lane.Gap is null)
        {
            _lanes.Remove(charger);
            if (_spare.Count < 64)
            {
                _spare.Push(lane);
            }
        }
    }

    /// <summary>True while a charger's events are held up.</summary>
    public bool IsHeld(ChargeBoxId charger) => _lanes.TryGetValue(charger, out var lane) && lane.Busy;

    /// <summary>Holds up a charger's events until they are released.</summary>
    public DeliveryLane Hold(ChargeBoxId charger)
    {
        var lane = LaneOf(charger);
        lane.Busy = true;
        return lane;
    }

    /// <summary>Ends an event: the position may pass it.</summary>
    public void Settle(Delivery delivery)
    {
        if (delivery != _earliest)
        {
            _ahead.Add(delivery.Event.Position);
        }

        Unlink(delivery);
    }

    /// <summary>Ends an event that was started, in one step.</summary>
    public void Finish(Delivery delivery)
    {
        Settle(delivery);
        Release(delivery);
    }

    /// <summary>True for an event that is done, or under way, although earlier ones are not.</summary>
    public bool IsDone(long position) => _ahead.Contains(position);

    /// <summary>Positions that are done although earlier ones are not.</summary>
    public void Skip(IEnumerable<long> positions) => _ahead.UnionWith(positions);

    /// <summary>Events up to <paramref name="position"/> do not come again: what is known of them can be forgotten, and is now and then.</summary>
    public void Prune(long position)
    {
        if (_ahead.Count >= _pruneAt)
        {
            _ahead.RemoveWhere(ahead => ahead <= position);
            _pruneAt = Math.Max(PruneAt, _ahead.Count * 2);
        }
    }

    /// <summary>
    /// Gives up the events that nothing was done about yet, to be read again when their time comes. Answers the position to read on from; null when there were none.
    /// </summary>
    public long? Shed()
    {
        long? lowest = null;
        for (var delivery = _earliest; delivery is not null;)
        {
            var next = delivery.Later;
            if (delivery.IsTaken)
            {
                _ahead.Add(delivery.Event.Position);
            }
            else
            {
                lowest ??= delivery.Event.Position;
                Unlink(delivery);
            }

            delivery = next;
        }

        _ready.Clear();
        _newest.Clear();
        foreach (var (charger, lane) in _lanes)
        {
            lane.First = lane.Last = null;
            if (!lane.Busy && lane.Gap is null)
            {
                _lanes.Remove(charger);
            }
        }

        _lanes.TrimExcess();
        return lowest - 1;
    }

    /// <summary>Those that a newer event took the place of since the last call.</summary>
    public IReadOnlyList<Delivery> TakeSuperseded()
    {
        if (_superseded.Count == 0)
        {
            return [];
        }

        Delivery[] taken = [.. _superseded];
        _superseded.Clear();
        return taken;
    }

    private DeliveryLane LaneOf(ChargeBoxId charger)
    {
        if (!_lanes.TryGetValue(charger, out var lane))
        {
            _lanes.Add(charger, lane = _spare.TryPop(out var spare) ? spare : new DeliveryLane());
        }

        return lane;
    }

    private void Supersede(Delivery delivery)
    {
        if (Conflation?.KeyOf(delivery.Event) is not { } key)
        {
            return;
        }

        if (_newest.TryGetValue(key, out var older) && !older.IsTaken)
        {
            older.IsSuperseded = older.IsTaken = true;
            _superseded.Add(older);
        }

        _newest[key] = delivery;
    }

    private void Forget(Delivery delivery)
    {
        if (_newest.Count > 0 && Conflation?.KeyOf(delivery.Event) is { } key && _newest.TryGetValue(key, out var newest) && newest == delivery)
        {
            _newest.Remove(key);
        }
    }

    // By position: what was shed comes again below what was under way then.
    private void Link(Delivery delivery)
    {
        var earlier = _latest;
        while (earlier is not null && earlier.Event.Position > delivery.Event.Position)
        {
            earlier = earlier.Earlier;
        }

        delivery.Earlier = earlier;
        delivery.Later = earlier is null ? _earliest : earlier.Later;
        if (earlier is null)
        {
            _earliest = delivery;
        }
        else
        {
            earlier.Later = delivery;
        }

        if (delivery.Later is null)
        {
            _latest = delivery;
        }
        else
        {
            delivery.Later.Earlier = delivery;
        }

        Count++;
        Bytes += delivery.Event.Body.Length + Overhead;
    }

    private void Unlink(Delivery delivery)
    {
        if (delivery.Earlier is null)
        {
            _earliest = delivery.Later;
        }
        else
        {
            delivery.Earlier.Later = delivery.Later;
        }

        if (delivery.Later is null)
        {
            _latest = delivery.Earlier;
        }
        else
        {
            delivery.Later.Earlier = delivery.Earlier;
        }

        Count--;
        Bytes -= delivery.Event.Body.Length + Overhead;
    }
}
