using System.Security.Cryptography;
using System.Text;

namespace Receiver;

public static class CapacitorWebhook
{
    public static bool Verify(string secret, string id, string timestamp, string signatures, byte[] body)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        if (!long.TryParse(timestamp, out var sent) || Math.Abs(now - sent) > 300)
        {
            return false;
        }

        var key = secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret[6..]) : Encoding.UTF8.GetBytes(secret);
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content)));
        return signatures.Split(' ').Any(entry => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(entry), expected));
    }
}
