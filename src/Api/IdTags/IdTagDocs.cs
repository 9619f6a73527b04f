using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.IdTags;

/// <summary>What is said of the routes of id tags.</summary>
internal static class IdTagDocs
{
    private static readonly Member Parent = May.Text("parentIdTag", "The group it is in; when that is a registered tag that may not charge, this one may not either", 20).OrNull();
    private static readonly Member Status = May.Words("status", "Blocked: it may not charge", IdTagRequests.Statuses);
    private static readonly Member End = May.Time("expiresAt", "From then on it may not charge").OrNull();
    private static readonly Member User = May.Text("userId", "The user it belongs to").OrNull();
    private static readonly Member Limit = May.Whole("maxActiveTransactions", "How many transactions it may have at a time; null: any number", 1, 100).OrNull();
    private static readonly Member Note = May.Text("note", "For people", 255).OrNull();
    private static readonly Member Reason = May.Text("reason", "Why, for `id_tag.revoked`", 255).OrNull();

    private const string One = """
        {"idTag":"USER001","parentIdTag":null,"status":"Accepted","expiresAt":"2027-01-01T00:00:00.000Z","userId":"usr_123","maxActiveTransactions":1,"note":"blue card",
        "createdAt":"2026-02-06T12:00:00.000Z","updatedAt":"2026-02-06T12:00:00.000Z"}
        """;

    private const string Blocked = """
        {"idTag":"USER001","parentIdTag":null,"status":"Blocked","expiresAt":null,"userId":null,"maxActiveTransactions":null,"note":null,
        "createdAt":"2026-02-06T12:00:00.000Z","updatedAt":"2026-02-06T12:30:00.000Z"}
        """;

    public static DocSection Section => new(
        "Id tags",
        "RFID cards and the like: who may charge. A change holds for every charger as soon as it is answered. Tags that are not registered may charge, unless the tenant's `unknownIdTagPolicy` is `reject`.",
        Post("/id-tags", "Register an id tag")
            .Takes(
                """{"idTag":"USER001","expiresAt":"2027-01-01T00:00:00Z","userId":"usr_123","maxActiveTransactions":1,"note":"blue card"}""",
                Must.Text("idTag", "As the charger reads it, in whatever case: printable ASCII characters other than / \\ and %", 20), Parent, Status, End, User, Limit, Note)
            .Gives(201, One)
            .Refuses(409, "An id tag 'USER001' is already registered.")
            .Refuses(429, "The Free tier allows 10 id tags, and that many are registered."),
        Get("/id-tags", "List id tags", "Newest first.")
            .Asks(May.Words("status", "Only these", IdTagRequests.Statuses), May.Text("userId", "Only this user's")).Pages()
            .Gives(200, $$$"""{"idTags":[{{{One}}}],"pagination":{"total":1,"limit":50,"offset":0}}"""),
        Get("/id-tags/{idTag}", "Get an id tag").Gives(200, One),
        Patch("/id-tags/{idTag}", "Change an id tag", "What is left out stays as it is; null clears.")
            .Takes("""{"expiresAt":null}""", Parent, Status, End, User, Limit, Note)
            .Gives(200, One),
        Delete("/id-tags/{idTag}", "Delete an id tag", "From then on it is one that is not registered.").Says("Id tag deleted successfully"),
        Post("/id-tags/{idTag}/assign", "Assign an id tag", "To a user: `id_tag.assigned`.").Takes("""{"userId":"usr_123"}""", Must.Text("userId", "The user")).Gives(200, One),
        Post("/id-tags/{idTag}/revoke", "Revoke an id tag", "Takes it away from its user and blocks it: `id_tag.revoked`.").MayTake("""{"reason":"lost"}""", Reason).Gives(200, Blocked),
        Post("/id-tags/{idTag}/block", "Block an id tag", "It stays its user's: `id_tag.revoked`.").MayTake("""{"reason":"unpaid"}""", Reason).Gives(200, Blocked),
        Post("/id-tags/{idTag}/unblock", "Unblock an id tag").Gives(200, One));
}
