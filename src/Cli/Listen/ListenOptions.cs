namespace Capacitor.Cli.Listen;

/// <summary>What to listen to, and where to send it.</summary>
internal sealed record ListenOptions
{
    /// <summary>The server's root, such as <c>http://localhost:5080</c>.</summary>
    public required Uri Url { get; init; }

    public required string ApiKey { get; init; }

    public required Uri ForwardTo { get; init; }

    /// <summary>Names and groups of events; empty for all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>One charger; null for all.</summary>
    public string? Charger { get; init; }

    /// <summary>Signs what is forwarded.</summary>
    public required SigningSecret Secret { get; init; }

    /// <summary>The position behind which to begin; null for now.</summary>
    public long? After { get; init; }

    /// <summary>Only what fails is printed.</summary>
    public bool Quiet { get; init; }

    /// <summary>The stream, with what is selected of it.</summary>
    public Uri StreamUrl
    {
        get
        {
            List<string> query = [.. Events.Select(name => $"type={Uri.EscapeDataString(name)}")];
            if (Charger is not null)
            {
                query.Add($"chargeBoxId={Uri.EscapeDataString(Charger)}");
            }

            return new UriBuilder(Url) { Path = $"{Url.AbsolutePath.TrimEnd('/')}/api/v1/events/stream", Query = string.Join('&', query) }.Uri;
        }
    }
}
