using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Events;

/// <summary>What is said of the routes of events.</summary>
internal static class EventDocs
{
    private const string Connected = """{"event":"charger.connected","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"CHARGER-001"}}""";

    private static readonly Member[] Filters =
    [
        May.Texts("type", "Only these: names, or groups such as `transaction.*` or `custom.*`, separated by commas or each in a `type` of its own"),
        May.Text("chargeBoxId", "Only those of this charger", 48),
        May.Whole("after", "A cursor; 0 begins with the oldest", 0),
    ];

    public static DocSection Section => new(
        "Events",
        "What happened, for as long as events are kept (30 days): the same bytes that webhooks get. A receiver that was down reads again here; one without a public URL reads here at all.",
        Get("/event-types", "List event types", "The events that the server makes, each with an example. Names that begin with `custom.` are your own.")
            .Gives(200, $$$"""{"eventTypes":[{"name":"charger.connected","description":"Charger connects via WebSocket","category":"chargers","example":{{{Connected}}}}]}"""),
        Get("/event-types/{name}", "Get an event type", "With the JSON Schema (2020-12) of its bodies.")
            .Gives(200, $$$"""
                {"name":"charger.connected","description":"Charger connects via WebSocket","category":"chargers","example":{{{Connected}}},
                "schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"charger.connected","type":"object"}}
                """),
        Get("/events", "List events", "Oldest first. Keep `nextCursor` and ask with `after` for what came later; it moves on even when a filter found nothing.")
            .Asks(Filters)
            .Asks(
                May.Whole("afterSequence", "Instead of `after`: begins behind the event with this `sequence`", 0),
                May.Whole("limit", "How many at most", 1, 1000).Default(100),
                May.Whole("wait", "Seconds that the answer waits when there is nothing yet", 0, 20).Default(0))
            .Writes(
                200,
                $$$"""{"events":[{"id":"evt_123","position":7,"sequence":7,"chargerSequence":1,{{{Connected[1..]}}}],"pagination":{"limit":100,"nextCursor":"7"}}""",
                Must.Objects(
                    "events",
                    "Each its body with these in front",
                    Must.Text("id", "The `webhook-id` of its deliveries"),
                    Must.Whole("position", "Where it is in the journal", 0),
                    May.Whole("sequence", "Counts the events of the account without a gap; not there when it was not counted", 1),
                    May.Whole("chargerSequence", "The same for its charger", 1),
                    Must.Text("event", "Its name"),
                    Must.Time("timestamp", "When it happened"),
                    Must.Free("data", "See `/event-types/{name}`")),
                Must.Object("pagination", "Where to go on", Must.Whole("limit", "As asked"), Must.Text("nextCursor", "`after` of the next request")))
            .Refuses(429, "100 event streams of this account are open already."),
        Post("/events", "Publish an event", "An event of your own, in order with all others: signed, delivered, and kept like those that the server makes. The request has at most 64 KiB.")
            .Takes(
                """{"event":"custom.order_paid","data":{"order":7},"chargeBoxId":"CHARGER-001"}""",
                Must.Text("event", "`custom.` and 1 to 100 of a-z, 0-9, _ and full stops"),
                Must.Free("data", "An object of your own"),
                May.Text("chargeBoxId", "The charger that it concerns: it is delivered in order with the charger's events, and found by it").OrNull())
            .Gives(201, """{"id":"evt_123","event":"custom.order_paid","timestamp":"2026-02-06T14:30:00.000Z","chargeBoxId":"CHARGER-001"}""")
            .Refuses(503, "More is reported than can be stored at this moment. Try again, with fewer requests at a time."),
        Get("/events/stream", "Stream events", "Server-sent events: one request that stays open. Come back with the header `Last-Event-ID`, and nothing is missing. Opening it is one call of the day's.")
            .Asks(Filters)
            .Streams(
                "text/event-stream",
                $"id: 4711\nevent: charger.connected\nwebhook-id: evt_123\nsequence: 4698\ncharger-sequence: 17\ndata: {Connected}\n\n",
                "Each event as its bytes, and a heartbeat every 15 seconds")
            .Refuses(429, "100 event streams of this account are open already."));
}
