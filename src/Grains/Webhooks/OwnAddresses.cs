using System.Net;
using System.Net.NetworkInformation;

namespace Capacitor.Grains.Webhooks;

/// <summary>The addresses of this machine's interfaces, looked at again once a minute at most.</summary>
internal sealed class OwnAddresses(TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private volatile Seen? _seen;

    /// <summary>Where the addresses come from; a test puts its own here.</summary>
    public Func<IEnumerable<IPAddress>> List { get; init; } = ListInterfaces;

    /// <summary>True when <paramref name="address"/> is one of them.</summary>
    public bool Contains(IPAddress address)
    {
        var seen = _seen;
        if (seen is null || time.GetElapsedTime(seen.At) >= Age)
        {
            _seen = seen = new Seen(time.GetTimestamp(), [.. List().Select(WithoutScope)]);
        }

        return seen.Addresses.Contains(WithoutScope(address));
    }

    private static IEnumerable<IPAddress> ListInterfaces() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address);

    private static IPAddress WithoutScope(IPAddress address) => new(ForbiddenAddresses.Unmap(address).GetAddressBytes());

    private sealed record Seen(long At, HashSet<IPAddress> Addresses);
}
