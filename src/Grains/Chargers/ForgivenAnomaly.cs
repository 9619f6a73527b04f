using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

/// <summary>One kind of thing that the charger's messages were forgiven.</summary>
[GenerateSerializer, Alias("capacitor.state.charger.anomaly")]
internal sealed class ForgivenAnomaly
{
    [Id(0)] public required string Kind { get; init; }

    [Id(1)] public long Count { get; set; }

    [Id(2)] public DateTimeOffset FirstSeen { get; init; }

    [Id(3)] public DateTimeOffset LastSeen { get; set; }

    [Id(4)] public string? Action { get; set; }

    [Id(5)] public string Path { get; set; } = "";

    [Id(6)] public string Detail { get; set; } = "";

    /// <summary>The last one is the example.</summary>
    public void Show(string? action, string path, string detail, DateTimeOffset at) => (Action, Path, Detail, LastSeen) = (action, path, detail, at);

    public ChargerAnomaly ToContract() => new()
    {
        Kind = Kind,
        Count = Count,
        FirstSeen = FirstSeen,
        LastSeen = LastSeen,
        Action = Action,
        Path = Path,
        Detail = Detail,
    };
}
