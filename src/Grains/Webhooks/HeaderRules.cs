using System.Buffers;
using System.Collections.Frozen;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Which headers of its own a webhook may have.</summary>
internal static class HeaderRules
{
    private const string Field = "headers";
    private const int Most = 20;
    private const int MaxNameLength = 64;
    private const int MaxValueLength = 4_096;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // What we send ourselves, what HTTP needs for itself, and what would say something untrue about the request.
    private static readonly string[] Names =
    [
        "allow", "baggage", "connection", "date", "expect", "expires", "host", "http2-settings", "keep-alive", "last-modified", "te", "traceparent", "tracestate", "trailer",
        "transfer-encoding", "upgrade", "user-agent",
    ];

    private static readonly string[] Prefixes = ["capacitor-", "content-", "proxy-", "webhook-"];
    private static readonly FrozenSet<string> Reserved = Names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly string ReservedText = string.Join(", ", Names.Concat(Prefixes.Select(prefix => prefix + "*")));

    /// <summary>Checks headers. No message repeats a value.</summary>
    public static IReadOnlyList<WebhookHeader> Read(IReadOnlyList<WebhookHeader>? headers)
    {
        if (headers is null)
        {
            return [];
        }

        if (headers.Count > Most)
        {
            throw WebhookRules.Wrong(Field, $"There are {headers.Count} headers; at most {Most} are allowed.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers)
        {
            CheckName(header.Name);
            CheckValue(header);
            if (!names.Add(header.Name))
            {
                throw WebhookRules.Wrong(Field, $"The header '{header.Name}' is there twice.");
            }
        }

        return headers;
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > MaxNameLength || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            var shown = name.Length > MaxNameLength ? name[..MaxNameLength] + "…" : name;
            throw WebhookRules.Wrong(Field, $"'{shown}' can be no header: a name has 1 to {MaxNameLength} letters, digits and !#$%&'*+-.^_`|~.");
        }

        if (Reserved.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            throw WebhookRules.Wrong(Field, $"The header '{name}' is reserved. Reserved are {ReservedText}.");
        }
    }

    private static void CheckValue(WebhookHeader header)
    {
        var value = header.Value;
        if (value.Length is 0 or > MaxValueLength || value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value[0] == ' ' || value[^1] == ' ')
        {
            throw WebhookRules.Wrong(
                Field, $"The value of the header '{header.Name}' must have 1 to {MaxValueLength} visible ASCII characters; spaces are allowed between them.");
        }
    }
}
