using System.Threading.Channels;
using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>Tells one silo of those that are left that another has gone.</summary>
internal sealed class SiloDeaths : ISiloStatusListener
{
    private readonly Channel<SiloAddress> _deaths = Channel.CreateBounded<SiloAddress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ISiloStatusOracle _silos;

    public SiloDeaths(ISiloStatusOracle silos)
    {
        _silos = silos;
        silos.SubscribeToSiloStatusEvents(this);
    }

    /// <summary>Waits for the next one; several at once are one.</summary>
    public ValueTask<SiloAddress> NextAsync(CancellationToken cancellation) => _deaths.Reader.ReadAsync(cancellation);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead && !updatedSilo.Equals(_silos.SiloAddress) && IsFirst())
        {
            _deaths.Writer.TryWrite(updatedSilo);
        }
    }

    private bool IsFirst() => _silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Min() is { } first && first.Equals(_silos.SiloAddress);
}
