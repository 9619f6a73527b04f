using Capacitor.Tenants;

namespace Capacitor.Api.Tenants;

internal sealed record AuthorityListBody(IReadOnlyList<AuthorityBody> CertificateAuthorities)
{
    public static AuthorityListBody Of(IEnumerable<CertificateAuthority> authorities) => new([.. authorities.Select(AuthorityBody.Of)]);
}

/// <summary>A certificate authority of a tenant; <c>root</c> tells whether trust begins with it.</summary>
internal sealed record AuthorityBody(string Fingerprint, string Subject, bool Root, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public static AuthorityBody Of(CertificateAuthority authority) =>
        new(authority.Fingerprint, authority.Subject, authority.IsRoot, authority.NotBefore, authority.NotAfter);
}
