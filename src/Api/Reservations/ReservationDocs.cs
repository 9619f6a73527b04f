using Capacitor.Api.Commands;
using Capacitor.Api.Docs;
using Capacitor.Chargers;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Reservations;

/// <summary>What is said of the routes of reservations.</summary>
internal static class ReservationDocs
{
    private const string One = """
        {"reservationId":17,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","parentIdTag":null,"status":"active","expiresAt":"2026-02-06T15:00:00.000Z",
        "createdAt":"2026-02-06T14:30:00.000Z","endedAt":null,"transactionId":null}
        """;

    private const string Queued =
        """{"message":"Reservation queued","chargeBoxId":"CHARGER-001","reservationId":17,"status":"queued","commandId":"cmd_0123456789abcdef0123456789abcdef"}""";

    private static readonly Member[] Begun =
    [
        Must.Text("message", "For people"), Must.Text("chargeBoxId", "Which"), Must.Whole("reservationId", "Which"), May.Whole("connectorId", "Which"), May.Text("idTag", "For whom"),
        Must.Text("status", "queued"), Must.Text("commandId", "Its history"),
    ];

    public static DocSection Section => new(
        "Reservations",
        "Connectors held for somebody. They end when they are used, cancelled, or when their time is over.",
        Post("/reservations", "Reserve a connector", "Asks the charger (ReserveNow).")
            .Asks(CommandDocs.Waiting)
            .Takes(
                """{"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","expiresAt":"2026-02-06T15:00:00.000Z"}""",
                Must.Text("chargeBoxId", "The charger", 48), Must.Whole("connectorId", "0: any", 0), Must.Text("idTag", "Who may charge", 20),
                Must.Time("expiresAt", "When it ends by itself; in the future"), May.Text("parentIdTag", "The group that may charge", 20).OrNull())
            .Gives(201, One)
            .Writes(202, Queued, Begun)
            .Refuses(404, "Charger CHARGER-001 not found")
            .Commands("ReserveNow"),
        Get("/reservations", "List reservations", "Newest first.")
            .Asks(May.Text("chargeBoxId", "Only those at this charger", 48), May.Words("status", "Only these", ReservationStates.All), May.Text("idTag", "Only those for this tag", 20)).Pages()
            .Gives(200, $$$"""{"reservations":[{{{One}}}],"pagination":{"total":1,"limit":50,"offset":0}}"""),
        Get("/reservations/{reservationId}", "Get a reservation").Gives(200, One),
        Delete("/reservations/{reservationId}", "Cancel a reservation", "Asks the charger (CancelReservation).")
            .Asks(CommandDocs.Waiting)
            .Says("Reservation cancelled successfully")
            .Writes(202, Queued.Replace("Reservation queued", "Cancellation queued", StringComparison.Ordinal), Begun)
            .Refuses(409, "Reservation 17 is used already")
            .Commands("CancelReservation"));
}
