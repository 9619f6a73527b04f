using System.Diagnostics.Metrics;
using Capacitor.Tenants;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Events;

/// <summary>Counts the streams and waiting requests of each tenant, and bounds them.</summary>
internal sealed class OpenStreams
{
    private readonly int _most;
    private readonly UpDownCounter<int> _open;
    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, int> _ofTenants = [];

    public OpenStreams(IOptions<EventOptions> options, IMeterFactory meters)
    {
        _most = options.Value.MaxStreamsPerTenant;
        _open = meters.Create("Capacitor").CreateUpDownCounter<int>("capacitor.events.streams", description: "Event streams and waiting requests for events");
    }

    /// <summary>How many the tenant has.</summary>
    public int CountOf(TenantId tenant)
    {
        lock (_gate)
        {
            return _ofTenants.GetValueOrDefault(tenant);
        }
    }

    /// <summary>A place, which is free again when it is disposed of.</summary>
    /// <exception cref="RefusedException">LimitReached: the tenant has as many as it may.</exception>
    public IDisposable Enter(TenantId tenant)
    {
        lock (_gate)
        {
            var open = _ofTenants.GetValueOrDefault(tenant);
            if (open >= _most)
            {
                throw new RefusedException(
                    RefusalKind.LimitReached, $"{_most} event streams of this account are open already, which is the most there may be. Close one, and try again.");
            }

            _ofTenants[tenant] = open + 1;
        }

        _open.Add(1);
        return new Place(this, tenant);
    }

    private void Leave(TenantId tenant)
    {
        _open.Add(-1);
        lock (_gate)
        {
            if (--_ofTenants[tenant] == 0)
            {
                _ofTenants.Remove(tenant);
            }
        }
    }

    private sealed class Place(OpenStreams streams, TenantId tenant) : IDisposable
    {
        public void Dispose() => streams.Leave(tenant);
    }
}
