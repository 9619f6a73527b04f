using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Users;

/// <summary>What is said of the routes of users.</summary>
internal static class UserDocs
{
    private static readonly Member External = May.Text("externalId", "How your other system calls the user", 255).OrNull();
    private static readonly Member Email = May.Text("email", "An address", 254).OrNull();
    private static readonly Member Status = May.Words("status", "As your other system has it; it decides nothing at chargers", UserRequests.Statuses);

    private const string One = """
        {"id":"usr_123","externalId":"crm-7","name":"Ada Lovelace","email":"ada@example.com","status":"active","createdAt":"2026-02-06T12:00:00.000Z","updatedAt":"2026-02-06T12:00:00.000Z"}
        """;

    private static Member Name(Members which) => which.Text("name", "For people", 255);

    public static DocSection Section => new(
        "Users",
        "Who charges, as your other systems report it.",
        Post("/users", "Create a user")
            .Takes("""{"externalId":"crm-7","name":"Ada Lovelace","email":"ada@example.com"}""", External, Name(Must), Email, Status.Default("active"))
            .Gives(201, One),
        Get("/users", "List users", "Newest first.")
            .Asks(May.Words("status", "Only these", UserRequests.Statuses), May.Text("externalId", "Only those that are called so")).Pages()
            .Gives(200, $$$"""{"users":[{{{One}}}],"pagination":{"total":1,"limit":50,"offset":0}}"""),
        Get("/users/{userId}", "Get a user").Gives(200, One),
        Patch("/users/{userId}", "Change a user", "What is left out stays as it is; null clears.")
            .Takes("""{"email":null}""", External, Name(May), Email, Status)
            .Gives(200, One),
        Delete("/users/{userId}", "Delete a user").Says("User deleted successfully").Refuses(409, "1 id tag is assigned to this user. Revoke, delete or reassign it first."));
}
