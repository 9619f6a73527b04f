using Capacitor.Api.IdTags;
using Capacitor.Api.Security;
using Capacitor.Tenants;

namespace Capacitor.Api.Tenants;

/// <summary>A tenant as the operator sees it.</summary>
internal sealed record TenantBody(string Id, string Name, string Tier, bool Suspended, DateTimeOffset CreatedAt, string UnknownIdTagPolicy)
{
    public static TenantBody Of(Tenant tenant) => new(tenant.Id.Value, tenant.Name, TierName.Of(tenant.Tier), tenant.Suspended, tenant.CreatedAt, UnknownIdTagWord.Of(tenant.UnknownIdTagPolicy));
}

internal sealed record TenantListBody(IReadOnlyList<TenantBody> Tenants, PaginationBody Pagination);

/// <summary>A new key, with its secret: this once.</summary>
internal sealed record CreatedKeyBody(string Id, string Name, string Key, DateTimeOffset CreatedAt)
{
    public static CreatedKeyBody Of(CreatedApiKey created) => new(created.Info.Id, created.Info.Name, created.Key, created.Info.CreatedAt);
}

/// <summary>A key as lists show it: its first characters only.</summary>
internal sealed record KeyBody(string Id, string Name, string Prefix, DateTimeOffset? LastUsed, DateTimeOffset CreatedAt)
{
    public static KeyBody Of(ApiKey key) => new(key.Id, key.Name, key.Prefix, key.LastUsed, key.CreatedAt);
}

internal sealed record KeyListBody(IReadOnlyList<KeyBody> ApiKeys);
