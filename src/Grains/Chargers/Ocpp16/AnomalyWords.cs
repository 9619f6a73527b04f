using System.Text.Json;
using Capacitor.Ocpp.Payloads;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>Kinds of anomalies as the API and the stored state spell them.</summary>
internal static class AnomalyWords
{
    private static readonly string[] Words = [.. Enum.GetNames<AnomalyKind>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static string Of(AnomalyKind kind) => Words[(int)kind];
}
