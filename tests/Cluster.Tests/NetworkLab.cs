using System.Net;

namespace Capacitor.Cluster.Tests;

/// <summary>
/// A network of namespaces on this machine, in which some can be cut off from others without a sound. Needs root, and <c>ip</c> of iproute2.
/// The switch stands in a namespace of its own, where no rules of this machine's firewall apply.
/// </summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    /// <summary>A station that does not exist: what is sent there is heard by nobody.</summary>
    private const string Nobody = "02:00:00:00:00:99";

    private readonly string _prefix = $"cap{Environment.ProcessId}";
    private readonly string _network = $"10.{200 + (Environment.ProcessId % 50)}.{Environment.ProcessId / 50 % 250}";
    private readonly List<string> _namespaces = [];

    private NetworkLab()
    {
    }

    /// <summary>This machine in the lab.</summary>
    public IPAddress Host => IPAddress.Parse($"{_network}.1");

    /// <summary>This machine's second address, for the database: who is cut off from it is not cut off from the machine.</summary>
    public IPAddress Database => IPAddress.Parse($"{_network}.2");

    private string Switch => $"{_prefix}-switch";

    public static async Task<NetworkLab> BuildAsync(int stations)
    {
        var lab = new NetworkLab();
        try
        {
            await lab.AddSwitchAsync();
            for (var station = 1; station <= stations; station++)
            {
                await lab.AddAsync(station);
            }

            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public string NamespaceOf(int station) => $"{_prefix}-{station}";

    public IPAddress AddressOf(int station) => IPAddress.Parse($"{_network}.{10 + station}");

    /// <summary>What the station sends to this address is lost from now on, answers and acknowledgements included.</summary>
    public Task CutAsync(int station, IPAddress from) =>
        IpAsync("-n", NamespaceOf(station), "neigh", "replace", $"{from}", "lladdr", Nobody, "dev", "eth0", "nud", "permanent");

    public Task MendAsync(int station, IPAddress from) => IpAsync("-n", NamespaceOf(station), "neigh", "del", $"{from}", "dev", "eth0");

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _namespaces)
        {
            await IpAsync("netns", "del", name); // its interfaces go with it, and their other ends
        }
    }

    private static Task<string> IpAsync(params string[] arguments) => Shell.RunAsync("/", "ip", arguments);

    private async Task AddSwitchAsync()
    {
        await AddNamespaceAsync(Switch);
        await IpAsync("-n", Switch, "link", "add", "br0", "type", "bridge");
        await IpAsync("-n", Switch, "link", "set", "br0", "up");
        await IpAsync("link", "add", _prefix, "type", "veth", "peer", "name", "p0", "netns", Switch);
        await IpAsync("-n", Switch, "link", "set", "p0", "master", "br0", "up");
        await IpAsync("addr", "add", $"{Host}/24", "dev", _prefix);
        await IpAsync("addr", "add", $"{Database}/24", "dev", _prefix);
        await IpAsync("link", "set", _prefix, "up");
    }

    private async Task AddAsync(int station)
    {
        var name = NamespaceOf(station);
        await AddNamespaceAsync(name);
        await IpAsync("link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", $"p{station}", "netns", Switch);
        await IpAsync("-n", Switch, "link", "set", $"p{station}", "master", "br0", "up");
        await IpAsync("-n", name, "addr", "add", $"{AddressOf(station)}/24", "dev", "eth0");
        await IpAsync("-n", name, "link", "set", "eth0", "up");
        await IpAsync("-n", name, "link", "set", "lo", "up");
    }

    private async Task AddNamespaceAsync(string name)
    {
        await IpAsync("netns", "add", name);
        _namespaces.Add(name);
    }
}
