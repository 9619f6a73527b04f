using System.Security.Cryptography;
using System.Text;

namespace Capacitor.Grains.Secrets;

/// <summary>
/// Seals with AES-256-GCM. A sealed text is a format byte, the key's id (4 bytes), a nonce (12), the content and a tag (16). It opens only in the place that it was
/// sealed for, so that nobody can move it to another webhook.
/// </summary>
internal sealed class SecretBox(SecretKeyring keys)
{
    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + SecretKey.IdLength;
    private const int Overhead = HeaderLength + NonceLength + TagLength;

    /// <summary>Seals with the first key. <paramref name="place"/>: where it is to be stored.</summary>
    public byte[] Seal(ReadOnlySpan<byte> content, string place)
    {
        var key = keys.First;
        var sealedText = new byte[Overhead + content.Length];
        sealedText[0] = Format;
        key.IdBytes.CopyTo(sealedText, 1);
        var nonce = sealedText.AsSpan(HeaderLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagLength);
        aes.Encrypt(nonce, content, sealedText.AsSpan(HeaderLength + NonceLength, content.Length), sealedText.AsSpan(^TagLength..), Place(sealedText, place));
        return sealedText;
    }

    /// <summary>Opens what was sealed for the same place. Throws <see cref="SecretKeysException"/> when no key opens it.</summary>
    public byte[] Open(ReadOnlySpan<byte> sealedText, string place)
    {
        if (sealedText.Length < Overhead || sealedText[0] != Format)
        {
            throw new SecretKeysException($"What is stored for {place} is not sealed in a way that this version knows.");
        }

        var id = sealedText.Slice(1, SecretKey.IdLength);
        var key = keys.Find(id) ?? throw new SecretKeysException(
            $"What is stored for {place} was sealed with the key {Convert.ToHexStringLower(id)}, which is not among Capacitor:SecretKeys. Put it back there.");
        var content = new byte[sealedText.Length - Overhead];
        using var aes = new AesGcm(key.Bytes, TagLength);
        try
        {
            aes.Decrypt(
                sealedText.Slice(HeaderLength, NonceLength), sealedText.Slice(HeaderLength + NonceLength, content.Length), sealedText[^TagLength..], content, Place(sealedText, place));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SecretKeysException($"What is stored for {place} was changed, or was sealed for another place.");
        }
    }

    /// <summary>True when it was sealed with the first key.</summary>
    public bool IsOfFirstKey(ReadOnlySpan<byte> sealedText) =>
        sealedText.Length >= Overhead && sealedText[0] == Format && sealedText.Slice(1, SecretKey.IdLength).SequenceEqual(keys.First.IdBytes);

    private static byte[] Place(ReadOnlySpan<byte> sealedText, string place) => [.. sealedText[..HeaderLength], .. Encoding.UTF8.GetBytes(place)];
}
