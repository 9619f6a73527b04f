namespace Capacitor.Grains.Chargers;

[GenerateSerializer, Alias("capacitor.state.charger.open-transaction")]
internal sealed class OpenTransaction
{
    private const int SamplesRemembered = 4;

    [Id(0)] public required int Id { get; init; }

    [Id(1)] public required int ConnectorId { get; init; }

    [Id(2)] public required string IdTag { get; init; }

    [Id(3)] public required long MeterStart { get; init; }

    /// <summary>As the charger's clock tells, or the time of receipt.</summary>
    [Id(4)] public required DateTimeOffset StartTime { get; init; }

    /// <summary>The timestamp exactly as reported; with connector, tag and meter it tells a repeated StartTransaction.</summary>
    [Id(5)] public required DateTimeOffset? ReportedStart { get; init; }

    [Id(6)] public required DateTimeOffset ReceivedAt { get; init; }

    [Id(7)] public bool RemoteStarted { get; init; }

    [Id(8)] public long? MeterLast { get; set; }

    /// <summary>Hashes of the last MeterValues, newest last.</summary>
    [Id(9)] public List<ulong> Samples { get; set; } = [];

    /// <summary>Its tag had as many transactions as it may when it began.</summary>
    [Id(10)] public bool IsConcurrent { get; set; }

    /// <summary>When the last meter values came; null: none have.</summary>
    [Id(11)] public DateTimeOffset? MeteredAt { get; set; }

    public bool IsSameStart(StartReport report) => SameStart.Is(report, ConnectorId, IdTag, MeterStart, ReportedStart);

    /// <summary>False when these meter values have been seen: the charger repeats itself after a lost answer.</summary>
    public bool Remember(ulong samples)
    {
        if (Samples.Contains(samples))
        {
            return false;
        }

        if (Samples.Count == SamplesRemembered)
        {
            Samples.RemoveAt(0);
        }

        Samples.Add(samples);
        return true;
    }
}

[GenerateSerializer, Alias("capacitor.state.charger.ended-transaction")]
internal sealed class EndedTransaction
{
    [Id(0)] public required int Id { get; init; }

    [Id(1)] public required int ConnectorId { get; init; }

    [Id(2)] public required string IdTag { get; init; }

    [Id(3)] public required long MeterStart { get; init; }

    [Id(4)] public required DateTimeOffset? ReportedStart { get; init; }

    [Id(5)] public required DateTimeOffset StartTime { get; init; }

    [Id(6)] public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>As reported; null for one that was superseded and whose own end is still to come.</summary>
    [Id(7)] public DateTimeOffset? ReportedStop { get; set; }

    /// <summary>Null for one that was superseded and whose own end is still to come.</summary>
    [Id(8)] public long? ReportedMeterStop { get; set; }

    /// <summary>True until the charger itself reports the end.</summary>
    [Id(9)] public bool Superseded { get; set; }

    /// <summary>The id by which the charger ended it when that is not ours: -1, 0, or another system's.</summary>
    [Id(10)] public int? ChargerTransactionId { get; init; }

    [Id(11)] public bool RemoteStarted { get; init; }

    /// <summary>Hash of the last MeterValues; late ones may be repeated too.</summary>
    [Id(12)] public ulong LastSamples { get; set; }

    /// <inheritdoc cref="OpenTransaction.IsConcurrent"/>
    [Id(13)] public bool IsConcurrent { get; init; }

    public bool IsSameStart(StartReport report) => SameStart.Is(report, ConnectorId, IdTag, MeterStart, ReportedStart);

    public bool IsSameStop(StopReport report) =>
        ReportedMeterStop == report.MeterStop && ReportedStop == report.Timestamp;
}

internal static class SameStart
{
    public static bool Is(StartReport report, int connectorId, string idTag, long meterStart, DateTimeOffset? reported) =>
        report.ConnectorId == connectorId && report.MeterStart == meterStart && report.Timestamp == reported
        && string.Equals(report.IdTag, idTag, StringComparison.OrdinalIgnoreCase);
}
