using System.Net;
using System.Text;
using Capacitor.Api.Ocpp;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Capacitor.Api.Security;

/// <summary>
/// How a caller really came: over its own connection, or over that to a trusted proxy, as the proxy tells it. What others write in these headers is
/// ignored and counted. Of several hops, the word of the nearest proxy is taken, which stands last.
/// </summary>
internal sealed class ForwardedConnection(IOptions<ProxyOptions> options, OcppMetrics metrics, ILogger<ForwardedConnection> logger)
{
    private const string ForwardedHeader = "Forwarded";
    private const string ProtoHeader = "X-Forwarded-Proto";
    private const string Pem = "-----BEGIN CERTIFICATE-----";
    private const string PemEnd = "-----END CERTIFICATE-----";

    private readonly ProxyOptions _options = options.Value;

    /// <summary>True when the caller's own connection is TLS.</summary>
    public bool IsEncrypted(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!IsTrusted(context.Connection.RemoteIpAddress))
        {
            Ignore(context, ProtoHeader);
            Ignore(context, ForwardedHeader);
            return context.Request.IsHttps;
        }

        // A proxy that sets one of them may hand on a caller's other one: one that says no is believed.
        bool?[] words = [LastWord(headers[ProtoHeader]), LastProto(headers[ForwardedHeader])];
        return words.Any(word => word is not null) ? words.All(word => word is not false) : context.Request.IsHttps;
    }

    /// <summary>The caller's certificate in DER, whoever signed it; null when it presented none. Bytes that are no certificate are handed on as they are.</summary>
    public byte[]? Certificate(HttpContext context)
    {
        if (!IsTrusted(context.Connection.RemoteIpAddress))
        {
            Ignore(context, _options.ClientCertificateHeader);
            return context.Connection.ClientCertificate?.RawData;
        }

        // The proxy's own certificate, if it has one, is not the charger's.
        return context.Request.Headers[_options.ClientCertificateHeader].ToString() is { Length: > 0 } header ? Decode(header) : null;
    }

    private bool IsTrusted(IPAddress? peer)
    {
        if (peer is null || _options.TrustedProxies.Count == 0)
        {
            return false;
        }

        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return _options.TrustedProxies.Any(network => network.Contains(address));
    }

    private void Ignore(HttpContext context, string header)
    {
        if (context.Request.Headers.ContainsKey(header))
        {
            metrics.IgnoredHeader(header);
            Log.IgnoredHeader(logger, header, context.Connection.RemoteIpAddress);
        }
    }

    private static bool? LastWord(StringValues header) =>
        header is [.., { } last] ? last.Split(',')[^1].Trim().Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase) : null;

    private static bool? LastProto(StringValues header)
    {
        if (header is not [.., { } last])
        {
            return null;
        }

        foreach (var pair in last.Split(',')[^1].Split(';'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && pair.AsSpan(0, equals).Trim().Equals("proto", StringComparison.OrdinalIgnoreCase))
            {
                return pair.AsSpan(equals + 1).Trim().Trim('"').Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
            }
        }

        return null;
    }

    private static byte[] Decode(string header)
    {
        // RFC 9440 §2.1: a byte sequence between colons.
        if (header.StartsWith(':'))
        {
            return FromBase64(header.AsSpan().Trim(':'));
        }

        var text = Uri.UnescapeDataString(header);
        var begin = text.IndexOf(Pem, StringComparison.Ordinal);
        var end = text.IndexOf(PemEnd, StringComparison.Ordinal);
        return begin >= 0 && end > begin ? FromBase64(text.AsSpan(begin + Pem.Length, end - begin - Pem.Length)) : Encoding.UTF8.GetBytes(header);
    }

    private static byte[] FromBase64(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, bytes, out var written) ? bytes[..written] : [];
    }
}
