using System.Security.Cryptography;

namespace Capacitor.Grains;

/// <summary>Unguessable ids: a prefix and 26 characters, 130 bits.</summary>
internal static class RandomId
{
    public static string New(string prefix) => prefix + RandomNumberGenerator.GetString("0123456789abcdefghjkmnpqrstvwxyz", 26);
}
