using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Tenants;

/// <summary>What is said of the routes of certificate authorities.</summary>
internal static class AuthorityDocs
{
    private const string Deleted = "Certificate authority deleted successfully";
    private const string TooMany = "A tenant can have 20 certificate authorities.";

    private const string List = """
        {"certificateAuthorities":[{"fingerprint":"9f86d081884c7d65","subject":"CN=Chargers of Example Ltd","root":true,
        "notBefore":"2026-01-01T00:00:00.000Z","notAfter":"2036-01-01T00:00:00.000Z"}]}
        """;

    private const string Body = """{"pem":"-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----"}""";

    private static readonly Member Pem = Must.Text("pem", "One certificate or several", 256 * 1024);

    /// <summary>For the tenant itself.</summary>
    public static DocSection Section => new(
        "Certificate authorities",
        "Who signs the certificates of chargers that connect with security profile 3.",
        Get("/certificate-authorities", "List certificate authorities").Gives(200, List),
        Post("/certificate-authorities", "Add certificate authorities", "Answers with all that there are then.").Takes(Body, Pem).Gives(200, List).Refuses(429, TooMany),
        Delete("/certificate-authorities/{fingerprint}", "Delete a certificate authority").Says(Deleted));

    /// <summary>For the operator.</summary>
    public static IEnumerable<RouteDoc> OfTenants =>
    [
        Get("/admin/tenants/{tenantId}/certificate-authorities", "List a tenant's certificate authorities").Gives(200, List),
        Post("/admin/tenants/{tenantId}/certificate-authorities", "Add certificate authorities to a tenant").Takes(Body, Pem).Gives(200, List).Refuses(429, TooMany),
        Delete("/admin/tenants/{tenantId}/certificate-authorities/{fingerprint}", "Delete a tenant's certificate authority").Says(Deleted),
    ];
}
