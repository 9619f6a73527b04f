using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace Capacitor.Api.Ocpp;

/// <summary>HTTP Basic authentication as bytes: the password of a 1.6 charger may be 20 raw bytes that are no text (OCPP-J 1.6 §6.2).</summary>
internal static class BasicCredentials
{
    private const string Scheme = "Basic";

    /// <summary>The decoded <c>user:password</c>; null without a header that can be read.</summary>
    public static byte[]? Read(StringValues authorization)
    {
        if (authorization.Count != 1
            || !AuthenticationHeaderValue.TryParse(authorization[0], out var header)
            || !header.Scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { Length: > 0 } encoded)
        {
            return null;
        }

        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var written)
            ? bytes[..written]
            : null;
    }
}
