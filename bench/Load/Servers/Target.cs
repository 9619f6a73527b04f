namespace Capacitor.Load.Servers;

/// <summary>What is driven: one of ours, which the run starts and ends, or a server that runs already.</summary>
internal sealed record Target
{
    public static Target Limit { get; } = new() { Name = "limit", Assembly = "bench/Limit/bin/Release/net10.0/Capacitor.Limit.dll", Forgets = true };

    public static Target Capacitor { get; } = new() { Name = "capacitor", Assembly = "src/Api/bin/Release/net10.0/Capacitor.Api.dll" };

    public required string Name { get; init; }

    /// <summary>Below the repository's root; null for a server that runs already.</summary>
    public string? Assembly { get; init; }

    /// <summary>True when it knows no webhook after a restart.</summary>
    public bool Forgets { get; init; }

    public Uri? Url { get; init; }

    public int? ProcessId { get; init; }

    public string ApiKey { get; init; } = "cap_live_load_generator_0123456789";
}
