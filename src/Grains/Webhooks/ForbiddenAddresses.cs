using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Capacitor.Grains.Webhooks;

/// <summary>Tells public addresses from those that a webhook must not reach: our own machine, our network, a cloud's metadata service.</summary>
internal static class ForbiddenAddresses
{
    private const string NotGlobal = "not_global";
    private const string Isatap = "isatap";

    // The words are those of docs/conformance/addresses.json. The first network that contains an address names it.
    private static readonly (IPNetwork Network, string Word)[] V4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this_network"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "carrier_nat"), // and one cloud's metadata
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("168.63.129.16/32"), "cloud_host"), // Azure's
        (IPNetwork.Parse("169.254.0.0/16"), "link_local"), // most clouds' metadata
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "protocol"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.31.196.0/24"), "as112"),
        (IPNetwork.Parse("192.52.193.0/24"), "amt"),
        (IPNetwork.Parse("192.88.99.0/24"), "6to4"), // its relays
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("192.175.48.0/24"), "as112"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmark"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"), // broadcast with it
    ];

    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");

    // No public host is outside of it, whatever will be assigned there one day.
    private static readonly IPNetwork PublicV6 = IPNetwork.Parse("2000::/3");

    private static readonly (IPNetwork Network, string Word)[] V6 =
    [
        (IPNetwork.Parse("::/128"), "unspecified"),
        (IPNetwork.Parse("::1/128"), "loopback"),
        (Compatible, "ipv4_compatible"),
        (Translated, "ipv4_translated"),
        (Nat64, "nat64"),
        (LocalNat64, "nat64"),
        (IPNetwork.Parse("100::/64"), "discard"),
        (IPNetwork.Parse("100:0:0:1::/64"), "discard"),
        (Teredo, "teredo"),
        (IPNetwork.Parse("2001::/23"), "protocol"), // benchmarks, AMT, AS112, ORCHID and what else is assigned to protocols
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (SixToFour, "6to4"),
        (IPNetwork.Parse("2620:4f:8000::/48"), "as112"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
        (IPNetwork.Parse("5f00::/16"), "segment_routing"),
        (IPNetwork.Parse("fc00::/7"), "unique_local"),
        (IPNetwork.Parse("fe80::/10"), "link_local"),
        (IPNetwork.Parse("fec0::/10"), "site_local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
    ];

    /// <summary>Every word of <see cref="Classify"/>.</summary>
    public static IEnumerable<string> Classes => V4.Concat(V6).Select(network => network.Word).Concat([NotGlobal, Isatap]).Distinct();

    /// <summary>True when no webhook may be delivered to <paramref name="address"/>; unknown kinds of address are forbidden.</summary>
    public static bool Contains(IPAddress address) => Classify(address) is not null;

    /// <summary>The class of an address that is not public; null for a public one. A mapped IPv4 address is what it carries.</summary>
    public static string? Classify(IPAddress address)
    {
        address = Unmap(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Find(V4, address),
            AddressFamily.InterNetworkV6 => Find(V6, address) ?? (!PublicV6.Contains(address) ? NotGlobal : IsIsatap(address) ? Isatap : null),
            _ => NotGlobal,
        };
    }

    /// <summary>An IPv4 address that is written as IPv6 (<c>::ffff:a.b.c.d</c>), as IPv4; any other as it is.</summary>
    public static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The IPv4 addresses that a tunnel or translator might make of an IPv6 address; none for most.</summary>
    public static IEnumerable<IPAddress> Carried(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return [];
        }

        var bytes = address.GetAddressBytes();
        if (Teredo.Contains(address))
        {
            // The server, and the client with all bits turned over (RFC 4380 §4).
            return [Read(bytes, 4), new IPAddress([.. bytes[12..].Select(part => (byte)~part)])];
        }

        if (SixToFour.Contains(address))
        {
            return [Read(bytes, 2)];
        }

        if (LocalNat64.Contains(address))
        {
            // As a /48 has it (RFC 6052 §2.2), or as the /96 of an operator below it.
            return [new IPAddress([bytes[6], bytes[7], bytes[9], bytes[10]]), Read(bytes, 12)];
        }

        return Nat64.Contains(address) || Compatible.Contains(address) || Translated.Contains(address) || IsIsatap(address) ? [Read(bytes, 12)] : [];
    }

    private static IPAddress Read(byte[] bytes, int start) => new(bytes[start..(start + 4)]);

    private static string? Find((IPNetwork Network, string Word)[] networks, IPAddress address)
    {
        foreach (var (network, word) in networks)
        {
            if (network.Contains(address))
            {
                return word;
            }
        }

        return null;
    }

    // An interface id of 0:5efe or 200:5efe carries an IPv4 address that the tunnel's end would be sent to (RFC 5214 §6.1).
    private static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && (BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) & 0xfdffffff) == 0x00005efe;
    }
}
