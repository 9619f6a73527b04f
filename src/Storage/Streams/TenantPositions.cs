using Capacitor.Tenants;

namespace Capacitor.Storage.Streams;

/// <summary>
/// The last position of each tenant that a receiver has seen, to say what a slice follows. It may forget: what it answers then is later than the
/// tenant's last event, which is still true (nothing of the tenant lies between) and makes a careful reader look once more.
/// </summary>
internal sealed class TenantPositions(long start, int capacity = 16_384)
{
    private readonly Dictionary<TenantId, long> _last = [];
    private long _floor = start;

    /// <summary>A position with nothing of the tenant between it and the tenant's next event.</summary>
    public long Before(TenantId tenant) => _last.GetValueOrDefault(tenant, _floor);

    /// <summary>The tenant's events up to <paramref name="position"/> were seen.</summary>
    public void Saw(TenantId tenant, long position) => _last[tenant] = position;

    /// <summary>Everything of the partition up to <paramref name="position"/> was seen: the moment at which it is safe to forget.</summary>
    public void ReadTo(long position)
    {
        if (_last.Count > capacity)
        {
            _last.Clear();
            _floor = position;
        }
    }
}
