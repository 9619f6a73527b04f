using Capacitor.Api.Commands;
using Capacitor.Api.Docs;
using Capacitor.Ocpp.V16;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Transactions;

/// <summary>What is said of the routes of transactions.</summary>
internal static class TransactionDocs
{
    private const string One = """
        {"id":"txn_12345","transactionId":12345,"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","status":"completed","meterStart":1000,"meterStop":15000,
        "energyDelivered":14.0,"durationMinutes":45,"startTime":"2026-02-06T14:30:00.000Z","stopTime":"2026-02-06T15:15:00.000Z","stopReason":"Local","remoteStarted":true}
        """;

    private const string Starting = """
        {"message":"Remote start accepted by charger","chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001","status":"accepted",
        "note":"The transaction gets its id when charging begins: wait for transaction.started, or poll /api/v1/transactions?status=in_progress.","commandId":"cmd_0123456789abcdef0123456789abcdef"}
        """;

    private static readonly Member Connector = Must.Whole("connectorId", "Where to charge", 1);
    private static readonly Member Tag = May.Text("idTag", "Who charges", 20).Default("CAPACITOR").OrNull();

    // With ?async=true there is no note.
    private static readonly Member[] Began =
    [
        Must.Text("message", "For people"), Must.Text("chargeBoxId", "Which"), May.Whole("transactionId", "Of a stop"), May.Whole("connectorId", "Of a start"), May.Text("idTag", "Of a start"),
        Must.Text("status", "accepted, stopping or queued"), May.Text("note", "For people"), Must.Text("commandId", "Its history"),
    ];

    private static readonly Member Profile = May.Ocpp<ChargingProfile>("chargingProfile", "A TxProfile without a transactionId").OrNull();

    public static DocSection Section => new(
        "Transactions",
        "Charging sessions. Energy and duration tell what is known so far while `status` is `in_progress`; in lists the meter of a running one may lag behind, asked for by its id it is current.",
        Get("/transactions", "List transactions", "Newest first.")
            .Asks(
                May.Text("chargeBoxId", "Only those of this charger", 48),
                May.Words("status", "Only these; `active` is an older word for `in_progress`, and `pending` finds nothing", "in_progress", "completed", "pending", "active"),
                May.Text("idTag", "Only those of this tag, in whatever case"),
                May.Whole("connectorId", "Only those of connectors with this number", 0),
                May.Time("from", "Only those that began at this time or later"),
                May.Time("to", "Only those that began before this time"))
            .Pages()
            .Gives(200, $$$"""{"transactions":[{{{One}}}],"pagination":{"total":1,"limit":50,"offset":0}}"""),
        Get("/transactions/{transactionId}", "Get a transaction").Gives(200, One),
        Get("/transactions/{transactionId}/meter-values", "List meter values", "Oldest first, for as long as events are kept: those of its `transaction.updated` events, byte for byte.")
            .Scrolls()
            .Writes(
                200,
                """
                {"meterValues":[{"timestamp":"2026-02-06T14:45:00.000Z","sampledValues":[{"value":"5500","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"}]}],
                "pagination":{"limit":50,"nextCursor":null}}
                """,
                Must.Objects(
                    "meterValues",
                    "One for each time that the charger measured",
                    May.Time("timestamp", "When, as the charger told it"),
                    Must.Objects(
                        "sampledValues",
                        "What it measured, in OCPP's words",
                        Must.Text("value", "As the charger sent it").OrNull(),
                        May.Text("context", "Why"),
                        May.Text("measurand", "What"),
                        May.Text("phase", "Of which phase"),
                        May.Text("location", "Where"),
                        May.Text("unit", "In what"))),
                Must.Object("pagination", "Where to go on", Must.Whole("limit", "As asked"), Must.Text("nextCursor", "`cursor` of the next request; null at the end").OrNull())),
        Post("/transactions/start", "Start charging", "Asks the charger to begin (RemoteStartTransaction); the answer waits for the charger's. It has no `transactionId` yet: `transaction.started` tells it.")
            .Takes("""{"chargeBoxId":"CHARGER-001","connectorId":1,"idTag":"USER001"}""", Must.Text("chargeBoxId", "The charger", 48), Connector, Tag, Profile)
            .Asks(CommandDocs.Waiting)
            .Writes(202, Starting, Began)
            .Refuses(404, "Charger CHARGER-001 not found")
            .Commands("RemoteStartTransaction"),
        Post("/chargers/{chargeBoxId}/remote-start", "Start charging at a charger", "The same as `POST /transactions/start`, by its older path.")
            .Takes("""{"connectorId":1,"idTag":"USER001"}""", Connector, Tag, Profile)
            .Asks(CommandDocs.Waiting)
            .Writes(202, Starting, Began)
            .Commands("RemoteStartTransaction"),
        Post("/transactions/{transactionId}/stop", "Stop charging", "Asks the charger to end it (RemoteStopTransaction); the answer waits for the charger's.")
            .Asks(CommandDocs.Waiting)
            .Writes(202, """
                {"message":"Remote stop accepted by charger","transactionId":12345,"chargeBoxId":"CHARGER-001","status":"stopping",
                "note":"The transaction ends when the charger says so: wait for transaction.stopped.","commandId":"cmd_0123456789abcdef0123456789abcdef"}
                """, Began)
            .Refuses(409, "Transaction 12345 has already ended")
            .Commands("RemoteStopTransaction"));
}
