using System.Security.Cryptography;

namespace Capacitor.Tenants;

/// <summary>The secret text of an API key. A type of its own, so that no message about a call shows it.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.api-key-secret")]
public sealed record ApiKeySecret([property: Id(0)] string Text)
{
    /// <summary>What a chosen one must look like, in words that follow "the key".</summary>
    public const string Rule = "must start with 'cap_' and have 16 to 200 visible ASCII characters without spaces";

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A new one: <c>cap_live_</c> and 40 random characters (238 bits).</summary>
    public static ApiKeySecret Make() => new("cap_live_" + RandomNumberGenerator.GetString(Base62, 40));

    /// <summary>True when <paramref name="secret"/> may be used as a key.</summary>
    public static bool IsWellFormed(string? secret) =>
        secret is { Length: >= 16 and <= 200 } && secret.StartsWith("cap_", StringComparison.Ordinal) && !secret.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <inheritdoc/>
    public override string ToString() => "API key";
}
