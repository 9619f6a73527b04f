namespace Capacitor.Cli.Simulate;

/// <summary>What to simulate.</summary>
internal sealed record SimulationOptions
{
    public required int Chargers { get; init; }

    /// <summary>Where chargers connect, such as <c>ws://localhost:5080/ocpp</c>; the charger's id is added.</summary>
    public required Uri Url { get; init; }

    /// <summary>Registers the chargers when given.</summary>
    public string? ApiKey { get; init; }

    public string IdPrefix { get; init; } = "SIM-";

    /// <summary>Null for until it is cancelled.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How much faster than life people come, charge and go. Default 60: an hour in a minute.</summary>
    public double Speed { get; init; } = 60;

    /// <summary>Makes the same choices again; null for other ones every time.</summary>
    public int? Seed { get; init; }

    /// <summary>Every charger lives one session and leaves.</summary>
    public bool Once { get; init; }

    public string ChargeBoxId(int number) => $"{IdPrefix}{number:D4}";

    public Uri ChargerUrl(int number) => new($"{Url.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(ChargeBoxId(number))}");

    /// <summary>The HTTP API of the same server, found beside the last segment of <see cref="Url"/>.</summary>
    public Uri ApiUrl
    {
        get
        {
            var path = Url.AbsolutePath.TrimEnd('/');
            var root = path.Contains('/', StringComparison.Ordinal) ? path[..(path.LastIndexOf('/') + 1)] : "/";
            return new UriBuilder(Url) { Scheme = Url.Scheme == "wss" ? "https" : "http", Path = $"{root}api/v1/", Query = "" }.Uri;
        }
    }
}
