using System.Net.Http.Headers;
using Capacitor.Chargers;
using Microsoft.Extensions.Primitives;

namespace Capacitor.Api.Ocpp;

/// <summary>HTTP Basic authentication as bytes: the password of a 1.6 charger may be 20 raw bytes that are no text (OCPP-J 1.6 §6.2).</summary>
internal static class BasicCredentials
{
    private const string Scheme = "Basic";

    /// <summary>The decoded <c>user:password</c>; a header that cannot be read counts as none.</summary>
    public static Credentials Read(StringValues authorization)
    {
        if (authorization.Count != 1
            || !AuthenticationHeaderValue.TryParse(authorization[0], out var header)
            || !header.Scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { Length: > 0 } encoded)
        {
            return new Credentials();
        }

        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var written)
            ? new Credentials { Basic = bytes[..written] }
            : new Credentials();
    }
}
