namespace Capacitor.Api.Idempotency;

/// <summary>The header by which a caller names a request that it may send again.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>On an answer that was given before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>Of a key.</summary>
    public const int MaxLength = 255;

    /// <summary>What a key must be.</summary>
    public static readonly string Rule = $"The header {Header} must be one text of 1 to {MaxLength} visible ASCII characters without spaces.";

    /// <summary>The key. Throws <see cref="RefusedException"/> (Invalid) when it can be none.</summary>
    public static string Read(HttpRequest request)
    {
        var values = request.Headers[Header];
        return values is [{ Length: > 0 and <= MaxLength } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : throw new RefusedException(RefusalKind.Invalid, Rule, Header);
    }
}
