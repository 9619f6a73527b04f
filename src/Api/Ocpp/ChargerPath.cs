using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>The charger's id in a request target: <c>/ocpp/{chargeBoxId}</c> (OCPP-J 1.6 §3.1.1).</summary>
internal static class ChargerPath
{
    private const string Root = "ocpp";

    /// <summary>True when the target lies under the OCPP endpoint, whatever follows. <paramref name="rest"/> is what follows, still encoded.</summary>
    public static bool TryMatch(ReadOnlySpan<char> rawTarget, out ReadOnlySpan<char> rest)
    {
        var path = WithoutQuery(WithoutAuthority(rawTarget)).TrimStart('/');
        rest = default;
        if (!path.StartsWith(Root, StringComparison.OrdinalIgnoreCase) || (path.Length > Root.Length && path[Root.Length] != '/'))
        {
            return false;
        }

        rest = path[Root.Length..].Trim('/');
        return true;
    }

    /// <summary>Decodes once: the server's own decoding leaves <c>%2F</c> alone, so it cannot be told from <c>%252F</c> afterwards.</summary>
    public static bool TryParse(ReadOnlySpan<char> rest, out ChargeBoxId id) => ChargeBoxId.TryParse(Uri.UnescapeDataString(rest), out id);

    /// <summary>The target without its query, which may hold secrets.</summary>
    public static ReadOnlySpan<char> WithoutQuery(ReadOnlySpan<char> target)
    {
        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }

    private static ReadOnlySpan<char> WithoutAuthority(ReadOnlySpan<char> target)
    {
        var scheme = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return target;
        }

        var authority = target[(scheme + 3)..];
        var path = authority.IndexOf('/');
        return path < 0 ? default : authority[path..];
    }
}
