namespace Capacitor.Chargers;

/// <summary>One kind of thing that a charger's messages were forgiven: how often, and the last time.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.charger-anomaly")]
public sealed record ChargerAnomaly
{
    /// <summary>A word in snake_case, such as <c>odd_timestamp</c>.</summary>
    [Id(0)] public required string Kind { get; init; }

    /// <summary>How often.</summary>
    [Id(1)] public required long Count { get; init; }

    /// <summary>When it was seen first.</summary>
    [Id(2)] public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>When it was seen last.</summary>
    [Id(3)] public required DateTimeOffset LastSeen { get; init; }

    /// <summary>The action of the message that it was seen in last; null when that is not known.</summary>
    [Id(4)] public string? Action { get; init; }

    /// <summary>Where in that message, such as <c>meterValue[0].timestamp</c>; empty for the message as a whole.</summary>
    [Id(5)] public string Path { get; init; } = "";

    /// <summary>What was odd there, for people; never a value.</summary>
    [Id(6)] public string Detail { get; init; } = "";
}
