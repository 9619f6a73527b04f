using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Webhooks;

/// <summary>What is said of the routes of deliveries and replays.</summary>
internal static class DeliveryDocs
{
    private const string Head = """
        "id":"dlv_123","eventId":"evt_123","event":"transaction.started","chargeBoxId":"CHARGER-001","status":"delivered","attemptCount":1,"nextAttemptAt":null,
        "eventAt":"2026-02-06T14:30:00.000Z","createdAt":"2026-02-06T14:30:00.004Z","updatedAt":"2026-02-06T14:30:00.087Z"
        """;

    private const string Brief = $$$"""
        {{{{Head}}},"attempts":[{"number":1,"at":"2026-02-06T14:30:00.004Z","trigger":"auto","outcome":"delivered","statusCode":200,"durationMs":82.417,"error":null}]}
        """;

    private const string Attempt = """
        {"number":1,"at":"2026-02-06T14:30:00.004Z","trigger":"auto","outcome":"delivered","statusCode":200,"durationMs":82.417,"error":null,"address":"203.0.113.7:443",
        "connectionReused":false,"timings":{"dnsMs":3.1,"connectMs":12.4,"tlsMs":25.2,"firstByteMs":41.0,"totalMs":82.417},
        "response":{"headers":[{"name":"content-type","value":"text/plain"}],"body":"ok","bodyTruncated":false}}
        """;

    private const string Replay = """
        {"id":"rpl_123","status":"running","dryRun":false,"missedOnly":true,"from":"2026-02-06T00:00:00.000Z","to":null,"events":null,"chargeBoxIds":null,"progress":0.42,
        "matched":420,"delivered":418,"failed":2,"createdAt":"2026-02-06T12:00:00.000Z","endedAt":null}
        """;

    private const string Counted = """
        {"id":"rpl_124","status":"completed","dryRun":true,"missedOnly":true,"from":"2026-02-06T00:00:00.000Z","to":null,"events":null,"chargeBoxIds":null,"progress":1,
        "matched":1000,"delivered":0,"failed":0,"createdAt":"2026-02-06T12:00:00.000Z","endedAt":"2026-02-06T12:00:01.000Z"}
        """;

    private const string Inactive = "Webhook wh_123 is inactive; activate it first.";

    public static DocSection Section => new(
        "Deliveries",
        "What became of a webhook's events, one more attempt at one of them, a test, and replays of many. Kept for 3, 30 or 90 days by tier.",
        Post("/webhooks/{webhookId}/test", "Test a webhook", "Posts a `webhook.test` now, by the way of every delivery, and answers how it went, whatever the endpoint said.")
            .Gives(200, $$$"""{"deliveryId":"dlv_123","status":"delivered","statusCode":200,"durationMs":82.417,"attempt":{{{Attempt}}}}""")
            .Refuses(409, "This webhook is being tested already."),
        Get("/webhooks/{webhookId}/health", "Get a webhook's health")
            .Gives(200, """
                {"status":"healthy","failingSince":null,"nextAttemptAt":null,"concurrency":8,"inFlight":1,"pending":3,"oldestWaiting":"2026-02-06T14:30:00.000Z","missedSince":null}
                """),
        Get("/webhooks/{webhookId}/deliveries", "List deliveries", "Newest first. A page may be short, or empty, and have a `nextCursor`: a filter that matches little is looked for in pieces.")
            .Asks(
                May.Words("status", "Only these", "pending", "delivered", "exhausted", "expired", "superseded"),
                May.Texts("event", "Only these: names, or groups such as `transaction.*`"),
                May.Text("chargeBoxId", "Only those of this charger", 48),
                May.Time("from", "Only events of this time or later"),
                May.Time("to", "Only events before this time"))
            .Scrolls()
            .Gives(200, $$$"""{"deliveries":[{{{Brief}}}],"pagination":{"limit":50,"nextCursor":null}}"""),
        Get("/webhooks/{webhookId}/deliveries/{deliveryId}", "Get a delivery", "With all that is known of its attempts.")
            .Gives(200, $$$"""{{{{Head}}},"attempts":[{{{Attempt}}}]}"""),
        Post("/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver", "Redeliver an event", "One more attempt, or as many as the retry policy gives.")
            .Gives(202, Brief.Replace("\"delivered\",\"attemptCount\"", "\"pending\",\"attemptCount\"", StringComparison.Ordinal))
            .Refuses(409, Inactive),
        Post("/webhooks/{webhookId}/replays", "Start a replay", "Delivers events once more, beside live ones and without delaying them.")
            .Takes(
                """{"from":"2026-02-06T00:00:00.000Z","missedOnly":true}""",
                May.Time("from", "The first event's time").OrNull(),
                May.Time("to", "The time after the last; all that has happened when left out").OrNull(),
                May.Flag("missedOnly", "Only what was not delivered").Default(false),
                May.Flag("dryRun", "Only counts").Default(false),
                May.Texts("events", "Only these: names, or groups"),
                May.Texts("chargeBoxIds", "Only those of these chargers"))
            .Gives(200, Counted, "A dry run that has counted")
            .Gives(202, Replay, "A replay that has begun, or a dry run that still counts")
            .Refuses(409, Inactive)
            .Refuses(429, "Ten replays of this webhook run or wait already."),
        Get("/webhooks/{webhookId}/replays", "List replays", "Those under way, and the last that ended.").Gives(200, $$$"""{"replays":[{{{Replay}}}]}"""),
        Get("/webhooks/{webhookId}/replays/{replayId}", "Get a replay").Gives(200, Replay),
        Delete("/webhooks/{webhookId}/replays/{replayId}", "Cancel a replay", "What it has delivered stays delivered.")
            .Gives(200, Replay.Replace("running", "cancelled", StringComparison.Ordinal).Replace("\"endedAt\":null", "\"endedAt\":\"2026-02-06T12:01:00.000Z\"", StringComparison.Ordinal)));
}
