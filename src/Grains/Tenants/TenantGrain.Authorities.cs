using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

internal sealed partial class TenantGrain
{
    private const int MaxAuthorities = 16;

    private bool HasRoot => tenant.State.Authorities.Exists(authority => authority.IsRoot);

    public Task<IReadOnlyList<CertificateAuthority>> ListAuthoritiesAsync() => Task.FromResult<IReadOnlyList<CertificateAuthority>>([.. tenant.State.Authorities]);

    public async Task<IReadOnlyList<CertificateAuthority>> AddAuthoritiesAsync(string pem)
    {
        if (tenant.State.Tenant is null)
        {
            throw new RefusedException(RefusalKind.Forbidden, $"The tenant {Id} does not exist: it can have no certificate authorities.");
        }

        var known = tenant.State.Authorities;
        var added = AuthorityPem.Read(pem).DistinctBy(each => each.Fingerprint).Where(each => !known.Exists(other => other.Fingerprint == each.Fingerprint)).ToList();
        List<CertificateAuthority> all = [.. known, .. added];
        if (!all.Exists(authority => authority.IsRoot))
        {
            throw AuthorityPem.Invalid("None of the certificates is a root (one that signed itself), where trust begins. Add the root, too.");
        }

        if (all.Count > MaxAuthorities)
        {
            throw new RefusedException(RefusalKind.LimitReached, $"A tenant can have {MaxAuthorities} certificate authorities. Remove one first.", AuthorityPem.Field);
        }

        if (added.Count > 0)
        {
            tenant.State.Authorities = all;
            await this.SaveAsync(tenant);
            added.ForEach(authority => Log.AuthorityAdded(logger, authority.Fingerprint, Id));
        }

        return all;
    }

    public async Task<bool> RemoveAuthorityAsync(string fingerprint)
    {
        if (tenant.State.Authorities.RemoveAll(authority => authority.Fingerprint.Equals(fingerprint, StringComparison.OrdinalIgnoreCase)) == 0)
        {
            return false;
        }

        await this.SaveAsync(tenant);
        Log.AuthorityRemoved(logger, fingerprint, Id);
        return true;
    }
}
