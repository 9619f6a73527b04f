using Capacitor.Tenants;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// The process's requests under way, and whose turn it is. Every webhook has one of its own, whatever the others do; the rest are shared: endpoints that have not
/// proved themselves, retries and each tenant have at most half of them, replays a quarter, and who waits is served tenant by tenant.
/// </summary>
internal sealed class SendSlots(IOptions<WebhookOptions> options)
{
    private readonly Lock _gate = new();
    private readonly int _most = options.Value.MaxInFlight;
    private readonly Dictionary<TenantId, Share> _shares = [];
    private readonly Queue<Share> _turns = new();
    private readonly int[] _ofClass = new int[3];
    private int _inUse;
    private int _unproven;
    private int _waiting;

    /// <summary>Shared slots in use.</summary>
    public int InUse => _inUse;

    /// <summary>
    /// Takes a slot for the first of <paramref name="wanted"/> that there is one for; when there is none, the pump is poked when its turn comes.
    /// </summary>
    public bool TryTake(DeliveryPump pump, ReadOnlySpan<SlotClass> wanted, bool isFirst, bool isProven, out Slot slot)
    {
        slot = new Slot(wanted[0], isFirst, !isProven);
        if (isFirst)
        {
            return true;
        }

        lock (_gate)
        {
            var share = ShareOf(pump.Tenant);
            var isInTurn = pump.HasTurn || _waiting == 0 || _inUse < _most / 2;
            pump.HasTurn = false;
            if (isInTurn && IsFree(share, isProven))
            {
                foreach (var of in wanted)
                {
                    if (IsFree(of))
                    {
                        slot = slot with { Class = of };
                        Count(share, slot, 1);
                        return true;
                    }
                }
            }

            if (!pump.IsWaiting)
            {
                Wait(share, pump);
            }

            return false;
        }
    }

    /// <summary>Gives a slot back. Never called under a pump's lock: whoever waits is poked here.</summary>
    public void Return(DeliveryPump pump, Slot slot)
    {
        if (slot.IsOwn)
        {
            return;
        }

        int waiting;
        lock (_gate)
        {
            Count(ShareOf(pump.Tenant), slot, -1);
            waiting = _waiting;
        }

        // Who cannot use its turn passes it on; each is asked once.
        while (waiting-- > 0 && NextInTurn() is { } next && !next.TakeTurn())
        {
        }
    }

    private void Wait(Share share, DeliveryPump pump)
    {
        pump.IsWaiting = true;
        _waiting++;
        if (share.Waiting.Count == 0)
        {
            _turns.Enqueue(share);
        }

        share.Waiting.Enqueue(pump);
    }

    private DeliveryPump? NextInTurn()
    {
        lock (_gate)
        {
            if (!_turns.TryDequeue(out var share))
            {
                return null;
            }

            var pump = share.Waiting.Dequeue();
            _waiting--;
            if (share.Waiting.Count > 0)
            {
                _turns.Enqueue(share);
            }

            (pump.IsWaiting, pump.HasTurn) = (false, true);
            return pump;
        }
    }

    private bool IsFree(Share share, bool isProven) =>
        _inUse < _most && share.InUse < Math.Max(1, _most / 2) && (isProven || _unproven < Math.Max(1, _most / 2));

    private bool IsFree(SlotClass of) => of switch
    {
        SlotClass.Retry => _ofClass[(int)of] < Math.Max(1, _most / 2),
        SlotClass.Replay => _ofClass[(int)of] < Math.Max(1, _most / 4),
        _ => true,
    };

    private void Count(Share share, Slot slot, int by)
    {
        _inUse += by;
        share.InUse += by;
        _ofClass[(int)slot.Class] += by;
        _unproven += slot.IsUnproven ? by : 0;
        if (share is { InUse: 0, Waiting.Count: 0 })
        {
            _shares.Remove(share.Tenant);
        }
    }

    private Share ShareOf(TenantId tenant)
    {
        if (!_shares.TryGetValue(tenant, out var share))
        {
            _shares.Add(tenant, share = new Share(tenant));
        }

        return share;
    }

    private sealed class Share(TenantId tenant)
    {
        public TenantId Tenant { get; } = tenant;

        public Queue<DeliveryPump> Waiting { get; } = new();

        public int InUse { get; set; }
    }
}
