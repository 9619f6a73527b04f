namespace Capacitor.Load.Servers;

/// <summary>What is driven: one of ours, which the run starts and ends, or a server that runs already.</summary>
internal sealed record Target
{
    private const string Api = "src/Api/bin/Release/net10.0/Capacitor.Api.dll";
    private const string Silo = "src/Silo/bin/Release/net10.0/Capacitor.Silo.dll";

    public static Target Limit { get; } = new() { Name = "limit", Front = "bench/Limit/bin/Release/net10.0/Capacitor.Limit.dll", Forgets = true };

    public static Target Capacitor { get; } = new() { Name = "capacitor", Front = Api };

    /// <summary>One process that is both silo and Api, its journal on PostgreSQL.</summary>
    public static Target Postgres { get; } = new() { Name = "postgres", Front = Api, OnPostgres = true };

    public static Target Cluster { get; } = new() { Name = "cluster", Front = Api, Fronts = 2, Grains = Silo, Silos = 3, OnPostgres = true };

    public required string Name { get; init; }

    /// <summary>What chargers connect to, below the repository's root; null for a server that runs already.</summary>
    public string? Front { get; init; }

    public int Fronts { get; init; } = 1;

    /// <summary>What hosts the grains when <see cref="Front"/> does not.</summary>
    public string? Grains { get; init; }

    public int Silos { get; init; }

    /// <summary>True when a PostgreSQL of the run's own goes with it; its processor time counts.</summary>
    public bool OnPostgres { get; init; }

    /// <summary>True when it knows no webhook after a restart.</summary>
    public bool Forgets { get; init; }

    public Uri? Url { get; init; }

    public int? ProcessId { get; init; }

    public string ApiKey { get; init; } = "cap_live_load_generator_0123456789";

    /// <summary>Seals what the server stores of webhooks.</summary>
    public string SecretKey { get; init; } = "dGVzdHMgc2VhbCB3aXRoIHRoaXMga2V5IG9ubHkuLi4=";
}
