using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>Reads the addresses in <see cref="WebhookOptions"/>, strictly: a network that is not what its writer meant opens what it should not.</summary>
internal sealed class WebhookNetworks : IValidateOptions<WebhookOptions>
{
    private const int DnsPort = 53;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var errors = new List<string>();
        errors.AddRange(Wrong(nameof(WebhookOptions.AllowedNetworks), options.AllowedNetworks));
        errors.AddRange(Wrong(nameof(WebhookOptions.DeniedNetworks), options.DeniedNetworks));
        errors.AddRange(options.DnsServers.Where(text => !TryReadServer(text, out _)).Select(text =>
            $"{WebhookOptions.Section}:{nameof(WebhookOptions.DnsServers)} has '{text}', which is no DNS server. Write an address, or an address and a port: 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:5353."));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>A network such as <c>10.1.0.0/16</c>, or a single address. False when bits are set after its prefix, and for shortened or odd spellings.</summary>
    public static bool TryReadNetwork(string? text, out IPNetwork network)
    {
        network = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (!TryReadAddress(slash < 0 ? text : text![..slash], out var address))
        {
            return false;
        }

        var bits = address.GetAddressBytes().Length * 8;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return false;
        }

        network = new IPNetwork(address, prefix);
        return network.BaseAddress.Equals(address);
    }

    /// <summary>A DNS server: an address, with a port or without.</summary>
    public static bool TryReadServer(string? text, out IPEndPoint server)
    {
        server = new IPEndPoint(IPAddress.None, 0);
        if (TryReadAddress(text, out var address))
        {
            server = new IPEndPoint(address, DnsPort);
            return true;
        }

        if (!IPEndPoint.TryParse(text ?? "", out var endpoint) || endpoint.Port == 0 || endpoint.ToString() != text)
        {
            return false;
        }

        server = endpoint;
        return true;
    }

    // .NET reads '10' as 0.0.0.10, and '012.0.0.1' as 10.0.0.1.
    private static bool TryReadAddress(string? text, out IPAddress address)
    {
        var read = IPAddress.TryParse(text, out var parsed);
        address = parsed is null ? IPAddress.None : ForbiddenAddresses.Unmap(parsed);
        return read && !parsed!.IsIPv4MappedToIPv6 && (parsed.AddressFamily == AddressFamily.InterNetworkV6 ? !text!.AsSpan().ContainsAny('[', '%') : parsed.ToString() == text);
    }

    private static IEnumerable<string> Wrong(string key, IReadOnlyList<string> texts) => texts.Where(text => !TryReadNetwork(text, out _)).Select(text =>
        $"{WebhookOptions.Section}:{key} has '{text}', which is no network. Write an address and the length of its prefix, with no bits set after it, such as 10.1.0.0/16 or fd00::/8, or a single address.");
}
