using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Capacitor.Grains.Webhooks;

/// <summary>Signs as Standard Webhooks says: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal sealed class SigningKey
{
    private const string Base64Prefix = "whsec_";
    private const string Version = "v1,";
    private const int OnStack = 1024;

    private readonly byte[] _key;

    private SigningKey(byte[] key) => _key = key;

    /// <summary>Reads a secret: base64 after <c>whsec_</c>, otherwise the text's UTF-8 bytes. False when it claims to be base64 and is not.</summary>
    public static bool TryParse(string secret, [NotNullWhen(true)] out SigningKey? key)
    {
        key = null;
        if (!secret.StartsWith(Base64Prefix, StringComparison.Ordinal))
        {
            key = new SigningKey(Encoding.UTF8.GetBytes(secret));
            return true;
        }

        var text = secret.AsSpan(Base64Prefix.Length);
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64Chars(text, bytes, out var written) || written == 0)
        {
            return false;
        }

        key = new SigningKey(bytes[..written]);
        return true;
    }

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var length = SignedContent.MaxLength(id, timestamp, body);
        var rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var content = rented ?? stackalloc byte[OnStack];
        var written = SignedContent.Write(id, timestamp, body, content);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, content[..written], mac);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        Span<char> text = stackalloc char[64];
        Version.CopyTo(text);
        Convert.TryToBase64Chars(mac, text[Version.Length..], out var chars);
        return new string(text[..(Version.Length + chars)]);
    }
}
