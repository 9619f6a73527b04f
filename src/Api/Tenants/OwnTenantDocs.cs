using Capacitor.Api.Docs;
using Capacitor.Api.IdTags;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Tenants;

/// <summary>What is said of the routes by which a tenant sees itself.</summary>
internal static class OwnTenantDocs
{
    private const string Own = """
        {"id":"ten_123","name":"Example Ltd","tier":"growth","suspended":false,"createdAt":"2026-02-01T09:00:00.000Z","unknownIdTagPolicy":"accept",
        "limits":{"chargers":100,"apiCallsPerDay":10000,"webhooks":25,"apiKeys":100,"idTags":null,"callsPerSecond":50,"callsAtOnce":200,"deliveryLogDays":30,"messageLogDays":14},
        "usage":{"chargers":12,"apiCallsToday":431,"webhooks":2,"apiKeys":1,"idTags":240,"resetsAt":"2026-02-07T00:00:00.000Z"}}
        """;

    public static DocSection Section => new(
        "Account",
        "What the account may have and has, and its keys.",
        Get("/tenant", "Get the account", "With its limits and what is used of them; a limit that is null does not exist. `callsPerSecond` and `callsAtOnce` are for each key.").Gives(200, Own),
        Patch("/tenant", "Change the account", "What is left out stays as it is.")
            .Takes("""{"name":"Example Ltd"}""", May.Text("name", "For people", 255), May.Words("unknownIdTagPolicy", "Whether id tags that are not registered may charge", UnknownIdTagWord.All))
            .Gives(200, Own),
        Post("/auth/api-keys", "Create an API key", "The key is shown this once; 100 at most.")
            .Takes("""{"name":"production"}""", Must.Text("name", "For people", 255))
            .Gives(201, """{"id":"key_123","name":"production","key":"cap_live_3f1c9a7be2d84c0f9a6b5d4e3f2a1b0c","createdAt":"2026-02-06T12:00:00.000Z"}""")
            .Refuses(429, "A tenant can have 100 API keys. Revoke one first."),
        Get("/auth/api-keys", "List API keys", "Oldest first.")
            .Gives(200, """{"apiKeys":[{"id":"key_123","name":"production","prefix":"cap_live_3f1c****","lastUsed":"2026-02-06T12:01:00.000Z","createdAt":"2026-02-06T12:00:00.000Z"}]}"""),
        Delete("/auth/api-keys/{keyId}", "Revoke an API key", "It is refused from now on. A key may revoke itself, but not the last one: nobody could make another.")
            .Says("API key revoked successfully")
            .Refuses(409, "This is the last API key of the account: without it nobody could make another."));
}
