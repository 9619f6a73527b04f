using Microsoft.Extensions.Primitives;

namespace Capacitor.Api.Ocpp;

/// <summary>The OCPP versions this server speaks.</summary>
internal static class SubProtocols
{
    /// <summary>OCPP 1.6 over JSON.</summary>
    public const string Ocpp16 = "ocpp1.6";

    private static readonly string[] Supported = [Ocpp16];

    /// <summary>For messages.</summary>
    public static string Names => string.Join(", ", Supported);

    /// <summary>True when the charger offered anything at all.</summary>
    public static bool AnyOffered(StringValues offered)
    {
        foreach (var header in offered)
        {
            if (!string.IsNullOrWhiteSpace(header))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The first offer that is supported, in the charger's order. The echo is the offer to the letter, since a strict client
    /// aborts when it is not; the protocol is our own name for it.
    /// </summary>
    public static (string Echo, string Protocol)? Choose(StringValues offered)
    {
        foreach (var header in offered)
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                var offer = header.AsSpan(range).Trim();
                if (Find(offer) is { } protocol)
                {
                    return (offer.ToString(), protocol);
                }
            }
        }

        return null;
    }

    /// <summary>Our name for a protocol, or null when it is not supported.</summary>
    public static string? Find(ReadOnlySpan<char> name)
    {
        foreach (var supported in Supported)
        {
            if (name.Equals(supported, StringComparison.OrdinalIgnoreCase))
            {
                return supported;
            }
        }

        return null;
    }
}
