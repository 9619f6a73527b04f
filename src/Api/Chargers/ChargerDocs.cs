using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Chargers;

/// <summary>What is said of the routes of chargers.</summary>
internal static class ChargerDocs
{
    private static readonly Member Name = May.Text("name", "For people", 255).OrNull();
    private static readonly Member Location = May.Text("location", "For people", 255).OrNull();
    private static readonly Member Password = May.Text("password", "What the charger must present with HTTP Basic authentication; never shown again", 64).OrNull();
    private static readonly Member Protocol = May.Words("assumeProtocol", "For a charger that names no protocol when it connects", "ocpp1.6").OrNull();
    private static readonly Member Profile = May.Whole("securityProfile", "OCPP's security profile", 0, 3).OrNull();

    private const string Detail = """
        {"id":"chg_123","chargeBoxId":"CHARGER-001","name":"Car park, bay 1","location":"London","status":"online","isOnline":true,"vendor":"VendorX","model":"ModelY",
        "serialNumber":"SN-001","firmwareVersion":"1.2.3","lastHeartbeat":"2026-02-06T12:00:00.000Z","registeredAt":"2026-02-01T09:00:00.000Z",
        "connectors":[{"connectorId":1,"status":"Available","errorCode":"NoError","lastUpdated":"2026-02-06T11:58:00.000Z"}],"connectionUrl":"wss://capacitor.example.com/ocpp/CHARGER-001"}
        """;

    private const string Charging = """{"connectorId":1,"status":"Charging","errorCode":"NoError","lastUpdated":"2026-02-06T11:58:00.000Z","currentTransactionId":12345}""";

    public static DocSection Section => new(
        "Chargers",
        "What connects over OCPP, addressed by its `chargeBoxId`: 1 to 48 letters, digits, `* - _ : = + | @ .` and inner spaces, unique across the installation.",
        Post("/chargers", "Register a charger", "Only registered chargers may connect.")
            .Takes(
                """{"chargeBoxId":"CHARGER-001","name":"Car park, bay 1","location":"London"}""",
                Must.Text("chargeBoxId", "What the charger puts at the end of its URL", 48), Name, Location, Password, Protocol, Profile)
            .Gives(201, """
                {"id":"chg_123","chargeBoxId":"CHARGER-001","name":"Car park, bay 1","location":"London","status":"offline","isOnline":false,"registeredAt":"2026-02-06T12:00:00.000Z",
                "connectionUrl":"wss://capacitor.example.com/ocpp/CHARGER-001","instructions":{"message":"Enter this URL as the central system of the charger, with the protocol OCPP 1.6J.",
                "url":"wss://capacitor.example.com/ocpp/CHARGER-001","protocol":"ocpp1.6"}}
                """)
            .Refuses(409, "Charger CHARGER-001 is registered already")
            .Refuses(429, "The starter tier allows 5 chargers.", details: """{"currentTier":"starter"}"""),
        Get("/chargers", "List chargers", "Newest first.")
            .Asks(May.Words("status", "Only these", "online", "offline")).Pages()
            .Gives(200, """
                {"chargers":[{"id":"chg_123","chargeBoxId":"CHARGER-001","name":"Car park, bay 1","status":"online","isOnline":true,"vendor":"VendorX","model":"ModelY",
                "lastHeartbeat":"2026-02-06T12:00:00.000Z"}],"pagination":{"total":1,"limit":50,"offset":0}}
                """),
        Get("/chargers/{chargeBoxId}", "Get a charger", "All that is known of it, its connectors with it.").Gives(200, Detail),
        Patch("/chargers/{chargeBoxId}", "Change a charger", "What is left out stays as it is; null clears.")
            .Takes("""{"name":"Car park, bay 2"}""", Name, Location, Password, Protocol, Profile, May.Flag("allowDowngrade", "Needed to lower `securityProfile`"))
            .Gives(200, Detail)
            .Refuses(409, "A lower security profile needs \"allowDowngrade\": true."),
        Delete("/chargers/{chargeBoxId}", "Delete a charger", "Its socket is closed.").Says("Charger deleted successfully"),
        Get("/chargers/{chargeBoxId}/connectors", "List connectors", "As the charger last told of them, each with the transaction that is open on it.")
            .Gives(200, $$$"""{"connectors":[{{{Charging}}}]}"""),
        Get("/chargers/{chargeBoxId}/connectors/{connectorId}", "Get a connector").Gives(200, Charging),
        Get("/chargers/{chargeBoxId}/messages", "List messages", "The OCPP frames that the charger sent (`in`) and got (`out`), newest first, a second or so after the moment. Kept for 1, 3, 14 or 30 days by tier. Secrets are "
            + "replaced by `***`; only the beginning of a long frame is kept. A page may be short, or empty, and have a `nextCursor`: a filter that matches little is looked for in pieces.")
            .Asks(
                May.Words("direction", "Only these", "in", "out"),
                May.Text("action", "Only calls of this action, and their answers"),
                May.Time("from", "Only from this time on"),
                May.Time("to", "Only before this time"))
            .Scrolls()
            .Gives(200, """
                {"messages":[{"id":"msg_197b5a64d2c28c01","direction":"out","type":"result","action":"Heartbeat","messageId":"19223201",
                "frame":"[3,\"19223201\",{\"currentTime\":\"2026-02-06T12:00:00.004Z\"}]","size":62,"isTruncated":false,"latencyMs":3.84,"timestamp":"2026-02-06T12:00:00.004Z"}],
                "pagination":{"limit":50,"nextCursor":null}}
                """),
        Get("/chargers/{chargeBoxId}/anomalies", "List anomalies", "What the charger's messages were forgiven, by kind, each with the last that there was.")
            .Gives(200, """
                {"anomalies":[{"kind":"converted","count":12,"firstSeen":"2026-02-01T09:00:00.000Z","lastSeen":"2026-02-06T12:00:00.000Z",
                "example":{"action":"MeterValues","path":"meterValue[0].sampledValue[0].value","detail":"should be a number, not a string."}}]}
                """),
        Delete("/chargers/{chargeBoxId}/anomalies", "Clear anomalies", "They are counted anew.").Says("Anomalies cleared"));
}
