using Capacitor.Api.Docs;
using Capacitor.Api.IdTags;
using Capacitor.Api.Security;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Tenants;

/// <summary>What is said of the operator's routes.</summary>
internal static class TenantDocs
{
    private const string One = """{"id":"ten_123","name":"Example Ltd","tier":"growth","suspended":false,"createdAt":"2026-02-01T09:00:00.000Z","unknownIdTagPolicy":"accept"}""";

    private static Member Name(Members which) => which.Text("name", "For people", 255);

    private static readonly Member Tier = May.Words("tier", "What it may do, and how much", TierName.All);

    public static DocSection Section => new(
        "Admin",
        "For the operator, with the header `X-Admin-Key`; not there (404) unless one is configured.",
        [
            Post("/admin/tenants", "Create a tenant").Takes("""{"name":"Example Ltd","tier":"growth"}""", Name(Must), Tier.Default("scale")).Gives(201, One),
            Get("/admin/tenants", "List tenants").Pages().Gives(200, $$$"""{"tenants":[{{{One}}}],"pagination":{"total":1,"limit":50,"offset":0}}"""),
            Get("/admin/tenants/{tenantId}", "Get a tenant").Gives(200, One),
            Patch("/admin/tenants/{tenantId}", "Change a tenant", "What is left out stays as it is.")
                .Takes("""{"tier":"scale"}""", Name(May), Tier, May.Flag("suspended", "true: every call of its keys is a 403, and nothing is delivered"),
                    May.Words("unknownIdTagPolicy", "Whether id tags that are not registered may charge", UnknownIdTagWord.All))
                .Gives(200, One),
            Delete("/admin/tenants/{tenantId}", "Delete a tenant").Says("Tenant deleted successfully").Refuses(409, "Chargers are registered; delete them first."),
            Post("/admin/tenants/{tenantId}/api-keys", "Create a tenant's API key", "The key is shown this once.")
                .Takes("""{"name":"production"}""", Name(Must))
                .Gives(201, """{"id":"key_123","name":"production","key":"cap_live_3f1c9a7be2d84c0f9a6b5d4e3f2a1b0c","createdAt":"2026-02-06T12:00:00.000Z"}"""),
            Get("/admin/tenants/{tenantId}/api-keys", "List a tenant's API keys")
                .Gives(200, """{"apiKeys":[{"id":"key_123","name":"production","prefix":"cap_live_3f1c****","lastUsed":null,"createdAt":"2026-02-06T12:00:00.000Z"}]}"""),
            Delete("/admin/tenants/{tenantId}/api-keys/{keyId}", "Revoke a tenant's API key", "It is refused from now on.").Says("API key revoked successfully"),
            .. AuthorityDocs.OfTenants,
        ]);
}
