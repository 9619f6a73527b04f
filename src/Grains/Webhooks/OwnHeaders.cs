using System.Buffers;
using System.Collections.Frozen;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>A tenant's own headers: which of them are sent.</summary>
internal static class OwnHeaders
{
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect", "host", "keep-alive", "te", "traceparent", "tracestate", "trailer",
        "transfer-encoding", "upgrade", "user-agent",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ReservedPrefixes = ["webhook-", "capacitor-", "proxy-"];

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>True for a header that is ours, or that the connection needs.</summary>
    public static bool IsReserved(string name) =>
        Reserved.Contains(name) || Array.Exists(ReservedPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>True for what can be sent as it is: a token, and printable ASCII.</summary>
    public static bool IsWellFormed(WebhookHeader header) =>
        header.Name.Length > 0 && !header.Name.AsSpan().ContainsAnyExcept(TokenCharacters) && !header.Value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>Adds them to a request. What is ours, and what would break the request, is left out.</summary>
    public static void Add(HttpRequestMessage request, IReadOnlyList<WebhookHeader> headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            if (!IsReserved(header.Name) && IsWellFormed(header) && !request.Headers.TryAddWithoutValidation(header.Name, header.Value))
            {
                // Some, such as Content-Language, belong to the body.
                request.Content!.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }
    }
}
