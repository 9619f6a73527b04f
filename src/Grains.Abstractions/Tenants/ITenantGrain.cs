using Capacitor.Chargers;
using Orleans.Concurrency;

namespace Capacitor.Tenants;

/// <summary>One tenant: tier, keys, and the count of its chargers. Key: <see cref="TenantId.GrainKey"/>.</summary>
[Alias("capacitor.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Makes the tenant. Throws <see cref="RefusedException"/> (Conflict) when it exists.</summary>
    [Alias("Create")]
    Task<Tenant> CreateAsync(string name, Tier tier);

    /// <summary>The tenant, or null.</summary>
    [Alias("Find"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<Tenant?> FindAsync();

    /// <summary>Changes the tenant, or null when there is none. Its webhooks learn of a new tier before this returns.</summary>
    [Alias("Change")]
    Task<Tenant?> ChangeAsync(TenantPatch patch);

    /// <summary>Removes the tenant with its keys and webhooks. Throws <see cref="RefusedException"/> (Conflict) while chargers are registered. False when there is none.</summary>
    [Alias("Remove")]
    Task<bool> RemoveAsync();

    /// <summary>Counts one API call and tells what it may do; null when the tenant is gone or has no such key. Never waits for other calls, and for the store only for a moment.</summary>
    [Alias("Enter"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<TenantAccess?> EnterAsync(string keyId);

    /// <summary>What the tenant may have and what it has; null when there is none. Never waits for other calls.</summary>
    [Alias("ReadUsage"), AlwaysInterleave, ResponseTimeout(AskAgain.Later)]
    Task<TenantUsage?> ReadUsageAsync();

    /// <summary>
    /// Makes a key; its secret is in the answer and nowhere else. A given secret must start with <c>cap_</c> and have 16 to 200 visible ASCII characters.
    /// Throws <see cref="RefusedException"/> (LimitReached) beyond 100 keys, unless the secret is given.
    /// </summary>
    [Alias("CreateKey")]
    Task<CreatedApiKey> CreateKeyAsync(string name, ApiKeySecret? secret = null);

    /// <summary>Makes a key work that is listed and that a crash kept from working. True when it was so; a key that is not listed stays unknown.</summary>
    [Alias("MendKey")]
    Task<bool> MendKeyAsync(ApiKeyHash key);

    /// <summary>The tenant's keys, oldest first.</summary>
    [Alias("ListKeys"), ResponseTimeout(AskAgain.Soon)]
    Task<IReadOnlyList<ApiKey>> ListKeysAsync();

    /// <summary>Revokes a key at once; false when the tenant has no such key.</summary>
    [Alias("RevokeKey")]
    Task<bool> RevokeKeyAsync(string keyId);

    /// <summary>
    /// Revokes a key at the tenant's own wish; false when the tenant has no such key. Throws <see cref="RefusedException"/> (Conflict) when it is the last one, since
    /// nobody but the operator could make another.
    /// </summary>
    [Alias("RevokeOwnKey")]
    Task<bool> RevokeOwnKeyAsync(string keyId);

    /// <summary>Registers a charger within the tier's limit. Throws <see cref="RefusedException"/>: LimitReached, or Conflict when the id is taken by anybody.</summary>
    [Alias("RegisterCharger")]
    Task<Charger> RegisterChargerAsync(NewCharger charger);

    /// <summary>Removes a charger: its socket is closed and its open transactions end. False when the tenant has no such charger.</summary>
    [Alias("RemoveCharger")]
    Task<bool> RemoveChargerAsync(ChargeBoxId charger);

    /// <summary>The authorities that certificates of the tenant's chargers are checked against, oldest first. Never waits for other calls.</summary>
    [Alias("ListAuthorities"), AlwaysInterleave, ResponseTimeout(AskAgain.Soon)]
    Task<IReadOnlyList<CertificateAuthority>> ListAuthoritiesAsync();

    /// <summary>
    /// Adds one or several certificates in PEM, those it has already excepted, and returns all. Throws <see cref="RefusedException"/>: Invalid when one is no
    /// certificate authority or none of all is a root, LimitReached beyond 16.
    /// </summary>
    [Alias("AddAuthorities")]
    Task<IReadOnlyList<CertificateAuthority>> AddAuthoritiesAsync(string pem);

    /// <summary>Removes an authority; false when the tenant has no such. Chargers whose certificates need it are refused from now on.</summary>
    [Alias("RemoveAuthority")]
    Task<bool> RemoveAuthorityAsync(string fingerprint);

    /// <summary>Tells the webhooks anew whether they may deliver, by the tiers as they are configured now, and wakes them. Safe at any time.</summary>
    [Alias("WakeWebhooks")]
    Task WakeWebhooksAsync();
}

/// <summary>All tenants. Key: <see cref="Key"/>.</summary>
[Alias("capacitor.ITenantDirectoryGrain")]
public interface ITenantDirectoryGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    public const string Key = "d/tenants";

    /// <summary>Every tenant's id, in the order they were made.</summary>
    [Alias("List"), ResponseTimeout(AskAgain.Soon)]
    Task<IReadOnlyList<TenantId>> ListAsync();

    /// <summary>Remembers a tenant; twice is the same as once.</summary>
    [Alias("Add")]
    Task AddAsync(TenantId tenant);

    /// <summary>Forgets a tenant; twice is the same as once.</summary>
    [Alias("Remove")]
    Task RemoveAsync(TenantId tenant);
}

/// <summary>One API key. Key: <see cref="ApiKeyHash.GrainKey"/>.</summary>
[Alias("capacitor.IApiKeyGrain")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>Whose key it is, or null when it is unknown or revoked.</summary>
    [Alias("Find"), ResponseTimeout(AskAgain.Soon)]
    Task<ApiKeyOwner?> FindAsync();

    /// <summary>Binds the key to its tenant.</summary>
    [Alias("Bind")]
    Task BindAsync(ApiKeyOwner owner);

    /// <summary>Revokes the key.</summary>
    [Alias("Revoke")]
    Task RevokeAsync();
}

/// <summary>Whom an API key speaks for.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.api-key-owner")]
public sealed record ApiKeyOwner([property: Id(0)] TenantId Tenant, [property: Id(1)] string KeyId);
