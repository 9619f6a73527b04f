using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Capacitor.Api.Ocpp;

/// <summary>The opening handshake of RFC 6455 §4.2. Done here and not by the framework's middleware, because the stream is wrapped before a WebSocket sees it.</summary>
internal static class WebSocketUpgrade
{
    private const string Version = "13";
    private const int KeyBytes = 16;
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>What keeps the request from becoming a WebSocket, as an HTTP status and a sentence; null when nothing does.</summary>
    public static (int Status, string Message)? Refuse(HttpContext context)
    {
        var headers = context.Request.Headers;
        var upgrades = Lists(headers, HeaderNames.Upgrade, "websocket");
        if (!upgrades && context.Request.Headers.SecWebSocketKey.Count == 0)
        {
            context.Response.Headers.Upgrade = "websocket";
            return (StatusCodes.Status426UpgradeRequired, "This is the OCPP endpoint: connect with a WebSocket.");
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            return (StatusCodes.Status400BadRequest, "A WebSocket handshake must be a GET request.");
        }

        if (!upgrades || !Lists(headers, HeaderNames.Connection, "Upgrade") || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
        {
            return (StatusCodes.Status400BadRequest,
                "A WebSocket handshake must carry the headers 'Connection: Upgrade' and 'Upgrade: websocket'; a proxy in between may have removed them.");
        }

        if (headers.SecWebSocketVersion != Version)
        {
            context.Response.Headers.SecWebSocketVersion = Version;
            return (StatusCodes.Status426UpgradeRequired, "Sec-WebSocket-Version must be 13.");
        }

        return headers.SecWebSocketKey is not [{ } key] || !Base64.IsValid(key, out var length) || length != KeyBytes
            ? (StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64.")
            : null;
    }

    /// <summary>Answers 101 and returns the raw connection. Without <paramref name="subProtocol"/> no such header is sent.</summary>
    public static Task<Stream> AcceptAsync(HttpContext context, string? subProtocol)
    {
        var headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        if (subProtocol is not null)
        {
            headers.SecWebSocketProtocol = subProtocol;
        }

        return context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    private static string Accept(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 §4.2.2 asks for SHA-1; it protects nothing.
        SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix), hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static bool Lists(IHeaderDictionary headers, string name, string word)
    {
        foreach (var header in headers[name])
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                if (header.AsSpan(range).Trim().Equals(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
