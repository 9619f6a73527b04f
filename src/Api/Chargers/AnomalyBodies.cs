using Capacitor.Chargers;

namespace Capacitor.Api.Chargers;

/// <summary>What a charger's messages were forgiven.</summary>
internal sealed record AnomalyListBody(IReadOnlyList<AnomalyBody> Anomalies);

/// <summary>One kind of it, with the last that there was.</summary>
internal sealed record AnomalyBody(string Kind, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, AnomalyExampleBody Example)
{
    public static AnomalyBody Of(ChargerAnomaly anomaly) => new(
        anomaly.Kind, anomaly.Count, anomaly.FirstSeen, anomaly.LastSeen, new AnomalyExampleBody(anomaly.Action, anomaly.Path, anomaly.Detail));
}

internal sealed record AnomalyExampleBody(string? Action, string Path, string Detail);
