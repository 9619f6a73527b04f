using System.IO.Hashing;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>What a 1.6 charger's meter values say, in Wh, W and percent.</summary>
internal static class Ocpp16Meters
{
    public static MeterReport Read(MeterValuesRequest request, ReadOnlySpan<byte> payload)
    {
        var values = request.MeterValue ?? [];
        return new MeterReport(request.ConnectorId ?? 0, request.TransactionId, values, MeterSamples.Read(values), XxHash64.HashToUInt64(payload));
    }

    /// <summary>The first and the last energy reading of a transaction's data, in Wh.</summary>
    public static (long? First, long? Last) Energy(MeterValue[]? data) => data is null or []
        ? (null, null)
        : (MeterSamples.Read(data.AsSpan(0, 1)).EnergyWh, MeterSamples.Read(data).EnergyWh);
}
