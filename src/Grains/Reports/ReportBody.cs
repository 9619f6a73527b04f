using Capacitor.Events;
using Capacitor.Grains.Events;
using Capacitor.Reports;

namespace Capacitor.Grains.Reports;

/// <summary>What webhooks receive of what tenants report.</summary>
internal static class ReportBody
{
    public static string TypeOf(PaymentStatus status) => status switch
    {
        PaymentStatus.Completed => EventTypes.PaymentCompleted,
        PaymentStatus.Failed => EventTypes.PaymentFailed,
        _ => EventTypes.PaymentRefunded,
    };

    public static byte[] Of(Payment payment)
    {
        var reported = payment.Reported;
        var json = EventJson.Begin(TypeOf(reported.Status), payment.CreatedAt);
        json.WriteString("paymentId"u8, payment.Id);
        EventJson.WriteNumber(json, "transactionId"u8, reported.TransactionId);
        json.WriteString("amount"u8, reported.Amount);
        json.WriteString("currency"u8, reported.Currency);
        json.WriteString("provider"u8, reported.Provider);
        json.WriteString("providerReference"u8, reported.ProviderReference);
        json.WriteString("userId"u8, reported.UserId);
        if (reported.Status == PaymentStatus.Failed)
        {
            json.WriteString("failureReason"u8, reported.FailureReason);
        }

        if (reported.Status == PaymentStatus.Refunded)
        {
            json.WriteString("originalPaymentId"u8, reported.OriginalPaymentId);
        }

        json.WriteString("receiptUrl"u8, reported.ReceiptUrl);
        return EventJson.End(json);
    }

    public static byte[] Of(NewCustomEvent item, DateTimeOffset now)
    {
        var json = EventJson.BeginRaw(item.Type, now);
        json.WriteRawValue(item.Data);
        return EventJson.EndRaw(json);
    }
}
