using System.Security.Cryptography;
using System.Text;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// A charger's Basic password (OCPP-J 1.6 §6.2, security white paper §2.2): stored as a salted hash, compared as bytes. Chargers send a key of
/// hexadecimal digits either as that text or as the bytes it stands for; both are the same password.
/// </summary>
internal static class ChargerPassword
{
    private const int Iterations = 10_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int HexKeyDigits = 32;

    /// <summary>What to store; null for no password.</summary>
    public static string? Hash(string? password)
    {
        if (password is null)
        {
            return null;
        }

        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(Canonical(Encoding.UTF8.GetBytes(password)), salt);
        return $"{Convert.ToBase64String(salt)}.{Convert.ToBase64String(hash)}";
    }

    /// <summary>True when what a charger presented is the stored password.</summary>
    public static bool Matches(string stored, ReadOnlySpan<byte> presented)
    {
        var dot = stored.IndexOf('.', StringComparison.Ordinal);
        var salt = Convert.FromBase64String(stored[..dot]);
        var hash = Convert.FromBase64String(stored[(dot + 1)..]);
        return CryptographicOperations.FixedTimeEquals(hash, Derive(Canonical(presented), salt))
            || CryptographicOperations.FixedTimeEquals(hash, Derive(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(presented)), salt));
    }

    /// <summary>
    /// The password in <c>user:password</c>. The user is the charger's id, which may hold colons itself in 1.6; null when it is another's.
    /// </summary>
    public static byte[]? Presented(byte[] basic, string chargeBoxId)
    {
        var user = Encoding.UTF8.GetByteCount(chargeBoxId);
        return basic.Length > user && basic[user] == (byte)':'
            && Encoding.UTF8.GetString(basic.AsSpan(0, user)).Equals(chargeBoxId, StringComparison.OrdinalIgnoreCase)
            ? basic[(user + 1)..]
            : null;
    }

    private static byte[] Canonical(ReadOnlySpan<byte> password)
    {
        var isHexKey = password.Length >= HexKeyDigits && password.Length % 2 == 0;
        foreach (var digit in password)
        {
            isHexKey &= char.IsAsciiHexDigit((char)digit);
        }

        return isHexKey ? Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(password).ToLowerInvariant()) : password.ToArray();
    }

    private static byte[] Derive(byte[] password, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, HashBytes);
}
