using System.Net;
using System.Net.Sockets;

namespace Capacitor.Grains.Webhooks;

/// <summary>Tells public addresses from those that a webhook must not reach: our own machine, our network, a cloud's metadata service.</summary>
internal static class ForbiddenAddresses
{
    private static readonly IPNetwork[] V4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"), // carrier NAT, and one cloud's metadata
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"), // Azure's host
        IPNetwork.Parse("169.254.0.0/16"), // link-local, most clouds' metadata
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.31.196.0/24"), // AS112
        IPNetwork.Parse("192.52.193.0/24"), // AMT
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("192.175.48.0/24"), // AS112
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
    ];

    // Nothing outside is a public host: ::1, fc00::/7, fe80::/10, fec0::/10, ff00::/8, NAT64 64:ff9b::/96 and :1::/48, 100::/64, 5f00::/16, ::a.b.c.d.
    private static readonly IPNetwork PublicV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] V6 =
    [
        IPNetwork.Parse("2001::/23"), // Teredo, benchmarks, ORCHID and the rest of the protocol assignments
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4
        IPNetwork.Parse("2620:4f:8000::/48"), // AS112
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>True when no webhook may be delivered to <paramref name="address"/>; unknown kinds of address are forbidden.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Array.Exists(V4, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => !PublicV6.Contains(address) || Array.Exists(V6, network => network.Contains(address)) || IsIsatap(address),
            _ => true,
        };
    }

    // An interface id of 0:5efe or 200:5efe carries an IPv4 address that the tunnel's end would be sent to (RFC 5214 §6.1).
    private static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    }
}
