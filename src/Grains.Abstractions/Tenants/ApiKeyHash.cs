using System.Security.Cryptography;
using System.Text;

namespace Capacitor.Tenants;

/// <summary>The SHA-256 of an API key: all that is ever stored of it. Keys are random and long, so no salt is needed.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.api-key-hash")]
public readonly record struct ApiKeyHash([property: Id(0)] string Hex)
{
    /// <summary>The key of the <see cref="IApiKeyGrain"/>.</summary>
    public string GrainKey => "k/" + Hex;

    /// <summary>Hashes a key as it was presented.</summary>
    public static ApiKeyHash Of(string key) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}
