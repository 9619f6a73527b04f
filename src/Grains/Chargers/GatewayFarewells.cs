namespace Capacitor.Grains.Chargers;

/// <summary>What gateways that stopped have said of commands they took. Kept in memory only: whoever takes over knows of none.</summary>
internal sealed class GatewayFarewells
{
    // Longer than anybody asks for a command: two minutes, and a margin.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, Farewell> _farewells = [];

    public void Add(string gateway, IEnumerable<Guid> commands, DateTimeOffset now) => _farewells[gateway] = new Farewell([.. commands], now);

    /// <summary>Null when the gateway has not said that it leaves, or so long ago that it is forgotten.</summary>
    public bool? FindTaken(string gateway, Guid command) => _farewells.TryGetValue(gateway, out var farewell) ? farewell.Commands.Contains(command) : null;

    public void Forget(DateTimeOffset now)
    {
        foreach (var (gateway, _) in _farewells.Where(known => now - known.Value.At >= Kept).ToList())
        {
            _farewells.Remove(gateway);
        }
    }

    private sealed record Farewell(HashSet<Guid> Commands, DateTimeOffset At);
}
