using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

/// <summary>What is stored of a tenant.</summary>
[GenerateSerializer, Alias("capacitor.state.tenant")]
internal sealed class TenantState
{
    /// <summary>Null: there is no such tenant.</summary>
    [Id(0)] public Tenant? Tenant { get; set; }

    /// <summary>Oldest first.</summary>
    [Id(1)] public List<TenantKey> Keys { get; set; } = [];

    /// <summary>Oldest first.</summary>
    [Id(2)] public List<CertificateAuthority> Authorities { get; set; } = [];

    public TenantKey? FindKey(string keyId) => Keys.Find(key => key.Info.Id == keyId);

    public TenantKey? FindKey(ApiKeyHash hash) => Keys.Find(key => key.Hash == hash.Hex);
}

/// <summary>One of a tenant's keys: what may be shown, and the hash that finds its grain.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.state.tenant-key")]
internal sealed record TenantKey([property: Id(0)] ApiKey Info, [property: Id(1)] string Hash);
