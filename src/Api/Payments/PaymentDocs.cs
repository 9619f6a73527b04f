using Capacitor.Api.Docs;
using static Capacitor.Api.Docs.Members;
using static Capacitor.Api.Docs.RouteDoc;

namespace Capacitor.Api.Payments;

/// <summary>What is said of the routes of payments.</summary>
internal static class PaymentDocs
{
    private const string One = """
        {"id":"pay_123","transactionId":12345,"amount":"14.50","currency":"EUR","status":"completed","provider":"stripe","providerReference":"pi_123","failureReason":null,
        "receiptUrl":"https://pay.example.com/receipts/pi_123","userId":"usr_123","originalPaymentId":null,"createdAt":"2026-02-06T15:20:00.000Z"}
        """;

    public static DocSection Section => new(
        "Payments",
        "Payments, as your other systems report them, so that they are events beside all others. They are never changed: a refund is a payment of its own.",
        Post("/payments", "Report a payment")
            .Takes(
                """
                {"transactionId":12345,"amount":"14.50","currency":"EUR","status":"completed","provider":"stripe","providerReference":"pi_123",
                "receiptUrl":"https://pay.example.com/receipts/pi_123","userId":"usr_123"}
                """,
                May.Whole("transactionId", "The transaction it is for", 1, int.MaxValue).OrNull(),
                Must.Text("amount", "A decimal number as a string: up to 12 digits, and up to 6 after the point"),
                Must.Text("currency", "Three capital letters of ISO 4217", 3, 3),
                Must.Words("status", "How it ended", PaymentRequests.Statuses),
                May.Text("provider", "Who moved the money", 255).OrNull(),
                May.Text("providerReference", "How the provider calls it", 255).OrNull(),
                May.Text("failureReason", "With the status `failed` only", 255).OrNull(),
                May.Text("receiptUrl", "http or https", 2_048).OrNull(),
                May.Text("userId", "Who paid", 255).OrNull(),
                May.Text("originalPaymentId", "With the status `refunded` only: the completed payment that is given back, in part or in whole", 255).OrNull())
            .Gives(201, One)
            .Refuses(503, "More is reported than can be stored at this moment. Try again, with fewer requests at a time."),
        Get("/payments", "List payments", "Newest first.")
            .Asks(
                May.Words("status", "Only these", PaymentRequests.Statuses), May.Whole("transactionId", "Only those for it", 1, int.MaxValue),
                May.Time("from", "Reported from then on"), May.Time("to", "Reported before")).Pages()
            .Gives(200, $$$"""{"payments":[{{{One}}}],"pagination":{"total":1,"limit":50,"offset":0}}"""),
        Get("/payments/{paymentId}", "Get a payment").Gives(200, One));
}
