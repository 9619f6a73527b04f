namespace Capacitor.Tenants;

/// <summary>What a key that somebody chose must look like.</summary>
public static class ApiKeySecret
{
    /// <summary>In words, to follow "the key".</summary>
    public const string Rule = "must start with 'cap_' and have 16 to 200 visible ASCII characters without spaces";

    /// <summary>True when <paramref name="secret"/> may be used as a key.</summary>
    public static bool IsWellFormed(string? secret) =>
        secret is { Length: >= 16 and <= 200 } && secret.StartsWith("cap_", StringComparison.Ordinal) && !secret.AsSpan().ContainsAnyExceptInRange('!', '~');
}
