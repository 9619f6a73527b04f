using System.Net;

namespace Capacitor.Grains.Webhooks;

/// <summary>Which addresses webhooks may reach here: the public ones, less what the operator denies, and what he allows besides.</summary>
internal sealed class AddressRules(WebhookOptions options, OwnAddresses own)
{
    private readonly bool _allowsPrivate = options.AllowPrivateNetworks ?? false;
    private readonly IPNetwork[] _allowed = Networks(options.AllowedNetworks);
    private readonly IPNetwork[] _denied = Networks(options.DeniedNetworks);

    /// <summary>True when nothing is ever refused.</summary>
    public bool AllowAll => _allowsPrivate && _denied.Length == 0;

    /// <summary>Why an address is refused, in a word; null: it may be reached.</summary>
    public string? Refuse(IPAddress address)
    {
        address = ForbiddenAddresses.Unmap(address);
        var carried = ForbiddenAddresses.Carried(address);
        if (IsIn(_denied, address) || carried.Any(inner => IsIn(_denied, inner)))
        {
            return "denied";
        }

        if (_allowsPrivate)
        {
            return null;
        }

        // Our own silo, gateway and admin ports listen there. Whoever allows a network with us in it does not mean those; whoever names the address does.
        if (own.Contains(address) && !Array.Exists(_allowed, network => network.PrefixLength == address.GetAddressBytes().Length * 8 && network.Contains(address)))
        {
            return "own";
        }

        // A network of translated addresses does not open what they are translated to.
        return IsIn(_allowed, address) ? carried.Select(Refuse).FirstOrDefault(reason => reason is not null) : ForbiddenAddresses.Classify(address);
    }

    private static bool IsIn(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Networks(IReadOnlyList<string> texts) =>
        [.. texts.Select(text => WebhookNetworks.TryReadNetwork(text, out var network) ? network : throw new FormatException($"'{text}' is no network."))];
}
