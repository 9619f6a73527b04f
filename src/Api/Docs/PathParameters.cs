namespace Capacitor.Api.Docs;

/// <summary>What stands in braces in paths: what it is, one of them, and what is said when there is none.</summary>
internal static class PathParameters
{
    private static readonly Dictionary<string, PathParameter> All = new(StringComparer.Ordinal)
    {
        ["chargeBoxId"] = new("The charger's id, percent-encoded, in whatever case", "CHARGER-001", "Charger CHARGER-001 not found"),
        ["commandId"] = new("The command's id", "cmd_0123456789abcdef0123456789abcdef", "Command cmd_0123456789abcdef0123456789abcdef not found"),
        ["connectorId"] = new("The connector's number", "1", "Charger CHARGER-001 has no connector 1"),
        ["deliveryId"] = new("The delivery's id", "dlv_123", "Delivery dlv_123 not found"),
        ["fingerprint"] = new("The certificate's SHA-256, as the list shows it", "9f86d081884c7d65", "Certificate authority 9f86d081884c7d65 not found"),
        ["idTag"] = new("The id tag, percent-encoded, in whatever case", "USER001", "Id tag USER001 not found"),
        ["keyId"] = new("The key's id, not the key", "key_123", "API key key_123 not found"),
        ["name"] = new("The event's name", "charger.connected", "There is no event named charger.exploded; GET /api/v1/event-types lists them."),
        ["paymentId"] = new("The payment's id", "pay_123", "Payment pay_123 not found"),
        ["replayId"] = new("The replay's id", "rpl_123", "Replay rpl_123 not found"),
        ["reservationId"] = new("The number of the reservation", "17", "Reservation 17 not found"),
        ["tenantId"] = new("The tenant's id", "ten_123", "Tenant ten_123 not found"),
        ["transactionId"] = new("The number of the transaction, as `transaction.started` tells it", "12345", "Transaction 12345 not found"),
        ["userId"] = new("The user's id", "usr_123", "User usr_123 not found"),
        ["webhookId"] = new("The webhook's id", "wh_123", "Webhook wh_123 not found"),
    };

    public static PathParameter Of(string name) =>
        All.GetValueOrDefault(name) ?? throw new InvalidOperationException($"The path parameter '{name}' is not described in {nameof(PathParameters)}.");
}

internal sealed record PathParameter(string Description, string Example, string Missing);
