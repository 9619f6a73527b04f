using System.Security.Cryptography;
using System.Text;
using Capacitor.Tenants;

namespace Capacitor.Idempotency;

/// <summary>Names the requests of one tenant that have the same Idempotency-Key: the tenant, and the SHA-256 of the key.</summary>
public readonly record struct IdempotencyId(string Value)
{
    private const string Prefix = "i/";

    /// <summary>Stands for the operator, where requests belong to no tenant. No tenant's id has a star in it.</summary>
    public static TenantId Operator => new("*operator*");

    /// <summary>The key of the <see cref="IIdempotencyGrain"/>.</summary>
    public string GrainKey => Prefix + Value;

    /// <summary>Whose requests.</summary>
    public TenantId Tenant => new(Value[..Value.LastIndexOf('/')]);

    /// <summary>The SHA-256 of the key, in hexadecimal digits.</summary>
    public string KeyHash => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>Of a key as it was sent.</summary>
    public static IdempotencyId Of(TenantId tenant, string key) => new($"{tenant.Value}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}");

    /// <summary>Reads a grain key back. Throws <see cref="FormatException"/> when it is not one of these.</summary>
    public static IdempotencyId FromGrainKey(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) ? new(key[Prefix.Length..]) : throw new FormatException($"'{key}' is no grain key of an Idempotency-Key.");
}
