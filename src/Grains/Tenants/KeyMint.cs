using System.Security.Cryptography;
using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

/// <summary>Makes what is shown of API keys, and decides which given ones will do.</summary>
internal static class KeyMint
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ShownCharacters = 13;

    public static string NewId() => "key_" + RandomNumberGenerator.GetString(Base62, 20);

    /// <summary>Throws <see cref="RefusedException"/> when <paramref name="secret"/> cannot be a key. Never repeats it.</summary>
    public static void Check(ApiKeySecret secret)
    {
        if (!ApiKeySecret.IsWellFormed(secret.Text))
        {
            throw new RefusedException(RefusalKind.Invalid, $"An API key {ApiKeySecret.Rule}.", "key");
        }
    }

    /// <summary>Enough to tell keys apart, too little to use: <c>cap_live_abc1****</c>. Of a short key that somebody chose, less.</summary>
    public static string Prefix(ApiKeySecret secret) => secret.Text[..Math.Min(ShownCharacters, secret.Text.Length / 2)] + "****";
}
