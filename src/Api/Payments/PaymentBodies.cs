using Capacitor.Reports;

namespace Capacitor.Api.Payments;

internal sealed record PaymentBody(
    string Id, int? TransactionId, string Amount, string Currency, string Status, string? Provider, string? ProviderReference, string? FailureReason, string? ReceiptUrl,
    string? UserId, string? OriginalPaymentId, DateTimeOffset CreatedAt)
{
    public static PaymentBody Of(Payment payment) => new(
        payment.Id, payment.Reported.TransactionId, payment.Reported.Amount, payment.Reported.Currency, PaymentRequests.Word(payment.Reported.Status),
        payment.Reported.Provider, payment.Reported.ProviderReference, payment.Reported.FailureReason, payment.Reported.ReceiptUrl, payment.Reported.UserId,
        payment.Reported.OriginalPaymentId, payment.CreatedAt);
}

internal sealed record PaymentListBody(IReadOnlyList<PaymentBody> Payments, PaginationBody Pagination);
