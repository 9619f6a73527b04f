using System.Diagnostics.CodeAnalysis;
using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// A webhook's events in memory: in order per charger, chargers in turn, and the lowest position that is not done. Its user guards it against threads.
/// </summary>
internal sealed class DeliveryLanes
{
    private const int Overhead = 256;

    private readonly Dictionary<ChargeBoxId, DeliveryLane> _lanes = [];
    private readonly Queue<DeliveryLane> _ready = [];
    private readonly Stack<DeliveryLane> _spare = [];
    private Delivery? _earliest;
    private Delivery? _latest;
    private long _ordinal;

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

    /// <summary>Takes an event; positions must rise.</summary>
    public void Add(JournalEvent item)
    {
        if (!_lanes.TryGetValue(item.ChargeBoxId, out var lane))
        {
            _lanes.Add(item.ChargeBoxId, lane = _spare.TryPop(out var spare) ? spare : new DeliveryLane());
        }

        var delivery = new Delivery(item, _ordinal++, lane) { Earlier = _latest };
        if (_latest is null)
        {
            _earliest = delivery;
        }
        else
        {
            _latest.Later = delivery;
        }

        _latest = delivery;
        Count++;
        Bytes += item.Body.Length + Overhead;
        if (lane.First is not null)
        {
            lane.Last!.Behind = delivery;
            lane.Last = delivery;
            return;
        }

        lane.First = lane.Last = delivery;
        if (!lane.Busy)
        {
            _ready.Enqueue(lane);
        }
    }

    /// <summary>Starts the next event of the charger that has waited longest.</summary>
    public bool TryStart([NotNullWhen(true)] out Delivery? delivery)
    {
        delivery = null;
        if (!_ready.TryDequeue(out var lane))
        {
            return false;
        }

        delivery = lane.First!;
        lane.First = delivery.Behind;
        lane.Busy = true;
        return true;
    }

    /// <summary>Ends an event that was started; its charger's next one may follow.</summary>
    public void Finish(Delivery delivery)
    {
        Unlink(delivery);
        var lane = delivery.Lane;
        lane.Busy = false;
        if (lane.First is not null)
        {
            _ready.Enqueue(lane);
            return;
        }

        lane.Last = null;
        _lanes.Remove(delivery.Event.ChargeBoxId);
        if (_spare.Count < 256)
        {
            _spare.Push(lane);
        }
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
