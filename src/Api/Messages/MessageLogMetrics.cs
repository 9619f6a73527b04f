using System.Diagnostics.Metrics;

namespace Capacitor.Api.Messages;

/// <summary>What the message log counts at the edge.</summary>
internal sealed class MessageLogMetrics
{
    private readonly Counter<long> _written;
    private readonly Counter<long> _dropped;

    public MessageLogMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Capacitor");
        _written = meter.CreateCounter<long>("capacitor.messages.written", description: "Messages of chargers that the message log holds");
        _dropped = meter.CreateCounter<long>("capacitor.messages.dropped", description: "Messages of chargers that the message log lacks, by reason");
    }

    public void Written(int count) => _written.Add(count);

    public void Dropped(string reason, int count) => _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));
}
