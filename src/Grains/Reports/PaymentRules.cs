using System.Globalization;
using Capacitor.Reports;

namespace Capacitor.Grains.Reports;

/// <summary>What may be said of a refund. We keep no accounts: that no more is given back than was paid, in several refunds, is for who moves the money to see to.</summary>
internal static class PaymentRules
{
    /// <summary>The refund as it is recorded: what it does not say is as it was paid. Throws when it cannot be one of <paramref name="original"/>.</summary>
    public static NewPayment Refund(NewPayment refund, Payment? original)
    {
        if (original is null)
        {
            throw Wrong("The originalPaymentId names no payment of this account.");
        }

        var paid = original.Reported;
        if (paid.Status != PaymentStatus.Completed)
        {
            throw Wrong("The originalPaymentId names a payment that was not completed; only one that was can be refunded.");
        }

        if (paid.Currency != refund.Currency || Amount(refund) > Amount(paid))
        {
            throw new RefusedException(RefusalKind.Invalid, $"{paid.Amount} {paid.Currency} were paid; {refund.Amount} {refund.Currency} cannot be refunded of it.", "amount");
        }

        return refund with { TransactionId = refund.TransactionId ?? paid.TransactionId, UserId = refund.UserId ?? paid.UserId };
    }

    private static decimal Amount(NewPayment payment) => decimal.Parse(payment.Amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static RefusedException Wrong(string message) => new(RefusalKind.Invalid, message, "originalPaymentId");
}
