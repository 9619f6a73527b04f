using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Webhooks;

/// <summary>What is said of the routes of webhooks.</summary>
internal static class WebhookDocs
{
    private const string One = """
        {"id":"wh_123","url":"https://myapp.com/webhooks/capacitor","events":["transaction.started","transaction.stopped"],"active":true,"createdAt":"2026-02-06T12:00:00.000Z"}
        """;

    private const string Extended = """
        {"id":"wh_123","url":"https://myapp.com/webhooks/capacitor","events":["*"],"active":true,"createdAt":"2026-02-06T12:00:00.000Z",
        "retryPolicy":{"maxAttempts":5},"ordering":"strict","timeoutSeconds":10,"signature":"v1a","publicKey":"whpk_4WDVNm7nTV0MbfJBYmUDXRrW8M2g3nLC4BKjzFYzpBU=",
        "missed":{"since":"2026-02-05T12:00:00.000Z","events":42}}
        """;

    private static readonly Member Secret = May.Text("secret", "Signs deliveries; `whsec_` and base64, or any text; never shown again. null: unsigned", 256).OrNull();
    private static readonly Member Active = May.Flag("active", "false: nothing is delivered, and nothing waits for later").Default(true);

    private static readonly Member[] Beyond =
    [
        May.Text("description", "For people", 256).OrNull(),
        May.Texts("chargeBoxIds", "Only events of these chargers", 1000).OrNull(),
        May.Object(
            "retryPolicy",
            "Without it a delivery is tried once",
            Must.Whole("maxAttempts", "How often in all", 1, 10),
            May.Wholes("delaysSeconds", "The waits between them, 1 to 86,400 seconds each; the schedule of Standard Webhooks when left out").OrNull()).OrNull(),
        May.Words("ordering", "`strict`: later events of a charger wait for one that failed", "strict", "relaxed").OrNull(),
        May.Whole("orderingTimeoutSeconds", "For how long they wait").OrNull(),
        May.Whole("timeoutSeconds", "How long an attempt may take; 5 when left out", 1, 30).OrNull(),
        May.Texts("conflate", "Of these events only the newest is kept while a backlog waits").OrNull(),
        May.Whole("disableAfterHours", "Deactivates it after so many hours of failure; never when left out").OrNull(),
        May.Map("headers", "Headers of your own to send along; never shown again").OrNull(),
        May.Words("signature", "`v1`: HMAC-SHA256 with the secret, `v1a`: Ed25519 with a key of ours", "v1", "v1a").OrNull(),
        May.Object(
            "tls",
            "Mutual TLS, and authorities of your own; all in PEM",
            May.Text("clientCertificate", "The certificate to present").OrNull(),
            May.Text("clientKey", "Its key; never shown again").OrNull(),
            May.Text("authorities", "Whom to trust instead of the system's").OrNull()).OrNull(),
    ];

    public static DocSection Section => new(
        "Webhooks",
        "Where events are posted, in order and signed. By default a delivery is tried once, for 5 seconds.",
        Post("/webhooks", "Register a webhook", "It gets every event that happens after the answer.")
            .Takes(
                """{"url":"https://myapp.com/webhooks/capacitor","events":["transaction.started","transaction.stopped"],"secret":"optional_webhook_secret"}""",
                [
                    Must.Text("url", "http or https, to a public address", 2048),
                    Must.Texts("events", "Names of events, groups such as `transaction.*`, or `*` for all"),
                    Secret, Active, .. Beyond,
                ])
            .Gives(201, One)
            .Refuses(429, "The starter tier allows 5 webhooks.", details: """{"requiredTier":"growth","currentTier":"starter"}"""),
        Get("/webhooks", "List webhooks", "Oldest first; all of them.").Gives(200, $$"""{"webhooks":[{{One}}]}"""),
        Get("/webhooks/{webhookId}", "Get a webhook").Gives(200, One),
        Patch("/webhooks/{webhookId}", "Change a webhook", "What is left out stays as it is; null goes back to the default. At once, also for what waits. Activated again, it is told what it missed.")
            .Takes(
                """{"active":true,"retryPolicy":{"maxAttempts":5}}""",
                [May.Text("url", "http or https, to a public address", 2048), May.Texts("events", "Names of events, groups, or `*`"), Secret, Active, .. Beyond])
            .Gives(200, Extended),
        Delete("/webhooks/{webhookId}", "Delete a webhook", "What waits for it is dropped.").Says("Webhook deleted successfully"),
        Post("/webhooks/{webhookId}/secret/rotate", "Rotate a webhook's secret", "For a while both sign. The new one is shown this once; with `v1a` it is the public key.")
            .MayTake(
                """{"overlapHours":24}""",
                May.Text("secret", "The new one; made for you when left out", 256).OrNull(),
                May.Whole("overlapHours", "How long the old one signs too", 0, 168).Default(24).OrNull())
            .Gives(200, """{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw","signature":"v1","overlapUntil":"2026-02-07T12:00:00.000Z"}""")
            .Refuses(409, "Ten secrets of this webhook sign already."));
}
