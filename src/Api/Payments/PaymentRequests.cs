using System.Text.RegularExpressions;
using Capacitor.Api.Json;
using Capacitor.Reports;

namespace Capacitor.Api.Payments;

/// <summary>Reads what a tenant says of payments.</summary>
internal static partial class PaymentRequests
{
    public static readonly string[] Statuses = [.. Enum.GetValues<PaymentStatus>().Select(Word)];

    private const int MaxText = 255;
    private const int MaxUrl = 2_048;

    public static async Task<NewPayment> ReadNewAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        var status = Parse(body["status"].OneOf(Statuses));
        return new()
        {
            TransactionId = body["transactionId"].IntegerOrNull(1, int.MaxValue),
            Amount = Matching(body["amount"], Amount(), "'amount' must be a string with a decimal number of up to 12 digits, and up to 6 after the point, such as \"14.50\"."),
            Currency = Matching(body["currency"], Currency(), "'currency' must have the three capital letters of ISO 4217, such as EUR."),
            Status = status,
            Provider = body["provider"].TextOrNull(MaxText),
            ProviderReference = body["providerReference"].TextOrNull(MaxText),
            FailureReason = OnlyWhen(status == PaymentStatus.Failed, body["failureReason"], "'failureReason' is for the status failed."),
            ReceiptUrl = ReadUrl(body["receiptUrl"]),
            UserId = body["userId"].TextOrNull(MaxText),
            OriginalPaymentId = OnlyWhen(status == PaymentStatus.Refunded, body["originalPaymentId"], "'originalPaymentId' is for the status refunded."),
        };
    }

    /// <summary>A status as the wire spells it.</summary>
    public static string Word(PaymentStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The status that a word of <see cref="Statuses"/> means.</summary>
    public static PaymentStatus Parse(string word) => (PaymentStatus)Array.IndexOf(Statuses, word);

    private static string Matching(JsonMember member, Regex form, string refusal) => member.Text() is var text && form.IsMatch(text) ? text : throw member.Refuse(refusal);

    private static string? OnlyWhen(bool allowed, JsonMember member, string refusal) =>
        member.TextOrNull(MaxText) is not { } text ? null : allowed ? text : throw member.Refuse(refusal);

    private static string? ReadUrl(JsonMember member) => member.TextOrNull(MaxUrl) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? text
        : throw member.Refuse("'receiptUrl' must be an absolute http or https URL, or null.");

    [GeneratedRegex(@"^[0-9]{1,12}(\.[0-9]{1,6})?\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"^[A-Z]{3}\z")]
    private static partial Regex Currency();
}
