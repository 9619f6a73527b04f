using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Capacitor.Grains.Secrets;

/// <summary>A key that seals secrets. Never logged, never answered; <see cref="Id"/> may be.</summary>
public sealed class SecretKey
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 32;

    /// <summary>What one must be, to follow the name of the setting.</summary>
    public const string Rule = "is no key: it must be 32 bytes in base64. Make one with: openssl rand -base64 32";

    internal const int IdLength = 4;

    private readonly byte[] _bytes;

    private SecretKey(byte[] bytes)
    {
        _bytes = bytes;
        IdBytes = SHA256.HashData([.. "capacitor secret key"u8, .. bytes])[..IdLength];
    }

    /// <summary>Tells keys apart, and tells nothing about them.</summary>
    public string Id => Convert.ToHexStringLower(IdBytes);

    internal byte[] IdBytes { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Makes a key.</summary>
    public static SecretKey Make() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads a key from base64. False when it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SecretKey? key)
    {
        key = null;
        var bytes = new byte[Length];
        text = text?.Trim();
        if (text is not { Length: 44 } || !Convert.TryFromBase64String(text, bytes, out var written) || written != Length)
        {
            return false;
        }

        key = new SecretKey(bytes);
        return true;
    }

    /// <summary>The key in base64, to be written to a file that only its owner can read.</summary>
    public string Export() => Convert.ToBase64String(_bytes);

    /// <inheritdoc/>
    public override string ToString() => $"secret key {Id}";
}

/// <summary>Where one machine keeps a key that it made itself.</summary>
public interface ISecretKeyFile
{
    /// <summary>The file's name, for messages.</summary>
    string Path { get; }

    /// <summary>The key in the file; null: there is no file. Throws <see cref="SecretKeysException"/> when it holds no key.</summary>
    SecretKey? Find();

    /// <summary>Makes a key and the file.</summary>
    SecretKey Make();
}

/// <summary>Secrets cannot be sealed or opened with the keys there are; the message says what to do.</summary>
[GenerateSerializer, Alias("capacitor.secret-keys-wrong")]
public sealed class SecretKeysException(string message) : Exception(message);
