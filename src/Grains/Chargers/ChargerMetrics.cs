using System.Diagnostics.Metrics;

namespace Capacitor.Grains.Chargers;

/// <summary>What happens to chargers, counted.</summary>
internal sealed class ChargerMetrics
{
    private readonly Counter<long> _anomalies;
    private readonly Counter<long> _repeats;
    private readonly Counter<long> _orphans;

    public ChargerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Capacitor");
        _anomalies = meter.CreateCounter<long>("capacitor.charger.anomalies", description: "Faults in messages that were forgiven, by kind.");
        _repeats = meter.CreateCounter<long>("capacitor.transactions.repeated", description: "StartTransactions that were sent again.");
        _orphans = meter.CreateCounter<long>("capacitor.transactions.orphaned", description: "StopTransactions of transactions that nobody saw begin.");
    }

    public void Forgave(string kind) => _anomalies.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void RepeatedStart() => _repeats.Add(1);

    public void Orphaned() => _orphans.Add(1);
}
