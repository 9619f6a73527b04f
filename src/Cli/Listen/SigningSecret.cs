using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Capacitor.Cli.Listen;

/// <summary>Signs as webhooks are signed: Standard Webhooks, HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal sealed class SigningSecret
{
    private const string Base64Prefix = "whsec_";
    private const int MaxLength = 256;
    private const int MadeBytes = 24;

    private readonly byte[] _key;

    private SigningSecret(string text, byte[] key) => (Text, _key) = (text, key);

    /// <summary>The secret as receivers are given it.</summary>
    public string Text { get; }

    public static SigningSecret Make()
    {
        var key = RandomNumberGenerator.GetBytes(MadeBytes);
        return new(Base64Prefix + Convert.ToBase64String(key), key);
    }

    /// <summary>Reads a secret as webhooks take it: base64 after <c>whsec_</c>, otherwise the text's UTF-8 bytes. False when it claims to be base64 and is not.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SigningSecret? secret)
    {
        secret = null;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        if (!text.StartsWith(Base64Prefix, StringComparison.Ordinal))
        {
            secret = new(text, Encoding.UTF8.GetBytes(text));
            return true;
        }

        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[Base64Prefix.Length..], key, out var length) || length == 0)
        {
            return false;
        }

        secret = new(text, key[..length]);
        return true;
    }

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, content));
    }
}
