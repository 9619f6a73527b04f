using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Capacitor.Grains.Webhooks;

/// <summary>Signs as Standard Webhooks says with <c>v1a</c>: Ed25519 over <c>id.timestamp.body</c>.</summary>
internal sealed class Ed25519Key
{
    private const string PrivatePrefix = "whsk_";
    private const string PublicPrefix = "whpk_";
    private const string Version = "v1a,";
    private const int SeedLength = 32;

    private readonly byte[] _pair; // the seed, and the public key after it

    private Ed25519Key(byte[] pair) => _pair = pair;

    /// <summary><c>whpk_…</c></summary>
    public string PublicText => PublicPrefix + Convert.ToBase64String(_pair.AsSpan(SeedLength));

    /// <summary>Makes a key pair and returns its <c>whsk_…</c>.</summary>
    public static string Make()
    {
        var pair = new byte[2 * SeedLength];
        RandomNumberGenerator.Fill(pair.AsSpan(0, SeedLength));
        Ed25519.GeneratePublicKey(pair, 0, pair, SeedLength);
        return PrivatePrefix + Convert.ToBase64String(pair);
    }

    /// <summary>Reads <c>whsk_…</c>: the seed and the public key in base64. False when it is neither, or when the two do not belong together.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Ed25519Key? key)
    {
        key = null;
        var pair = new byte[2 * SeedLength];
        if (text.Length != PrivatePrefix.Length + 88 || !text.StartsWith(PrivatePrefix, StringComparison.Ordinal)
            || !Convert.TryFromBase64Chars(text.AsSpan(PrivatePrefix.Length), pair, out var written) || written != pair.Length)
        {
            return false;
        }

        var expected = new byte[SeedLength];
        Ed25519.GeneratePublicKey(pair, 0, expected, 0);
        if (!expected.AsSpan().SequenceEqual(pair.AsSpan(SeedLength)))
        {
            return false; // with a wrong public key the signature would give the private one away
        }

        key = new Ed25519Key(pair);
        return true;
    }

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var content = ArrayPool<byte>.Shared.Rent(SignedContent.MaxLength(id, timestamp, body));
        var length = SignedContent.Write(id, timestamp, body, content);
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_pair, 0, _pair, SeedLength, content, 0, length, signature, 0);
        ArrayPool<byte>.Shared.Return(content);
        return Version + Convert.ToBase64String(signature);
    }
}

/// <summary>The bytes that are signed.</summary>
internal static class SignedContent
{
    public static int MaxLength(string id, string timestamp, ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetMaxByteCount(id.Length) + Encoding.UTF8.GetMaxByteCount(timestamp.Length) + 2 + body.Length;

    /// <summary>Writes <c>id.timestamp.body</c> and returns its length.</summary>
    public static int Write(string id, string timestamp, ReadOnlySpan<byte> body, Span<byte> into)
    {
        var written = Encoding.UTF8.GetBytes(id, into);
        into[written++] = (byte)'.';
        written += Encoding.UTF8.GetBytes(timestamp, into[written..]);
        into[written++] = (byte)'.';
        body.CopyTo(into[written..]);
        return written + body.Length;
    }
}
