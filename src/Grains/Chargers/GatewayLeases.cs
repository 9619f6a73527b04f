namespace Capacitor.Grains.Chargers;

/// <summary>When each gateway was last heard of. Kept in memory only: whoever takes over grants everybody a whole grace period anew.</summary>
internal sealed class GatewayLeases(TimeSpan grace)
{
    /// <summary>A gateway that is only busy must not lose its chargers.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestRenewal = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Drowsiness = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, DateTimeOffset> _heard = [];
    private DateTimeOffset? _lookedAt;

    /// <summary>Silence for so long is death.</summary>
    public TimeSpan Length { get; } = grace > Shortest ? grace : Shortest;

    /// <summary>How often a gateway should be heard of.</summary>
    public TimeSpan Renewal => Length / 3 < LongestRenewal ? Length / 3 : LongestRenewal;

    /// <summary>
    /// To be told of each look. After a long while without one it was this side that slept: then silence says nothing, and everybody has a whole grace period again.
    /// </summary>
    public void Look(DateTimeOffset now)
    {
        if (_lookedAt is { } before && now - before > (2 * Renewal) + Drowsiness)
        {
            foreach (var gateway in _heard.Keys.ToList())
            {
                _heard[gateway] = now;
            }
        }

        _lookedAt = now;
    }

    public void Renew(string gateway, DateTimeOffset now) => _heard[gateway] = now;

    /// <summary>Those of <paramref name="gateways"/> that are dead. One that was never heard of has its time from now on.</summary>
    public List<string> FindDead(IReadOnlyList<string> gateways, DateTimeOffset now)
    {
        foreach (var gateway in gateways)
        {
            _heard.TryAdd(gateway, now);
        }

        List<string> dead = [.. gateways.Where(gateway => now - _heard[gateway] >= Length)];
        foreach (var forgotten in _heard.Where(known => now - known.Value >= 2 * Length && !gateways.Contains(known.Key)).ToList())
        {
            _heard.Remove(forgotten.Key);
        }

        return dead;
    }
}
