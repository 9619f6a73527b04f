using Capacitor.Api.Chargers;
using Capacitor.Api.Commands;
using Capacitor.Api.IdTags;
using Capacitor.Api.Messages;
using Capacitor.Api.Payments;
using Capacitor.Api.Reservations;
using Capacitor.Api.Security;
using Capacitor.Api.Tenants;
using Capacitor.Api.Transactions;
using Capacitor.Api.Users;
using Capacitor.Api.Webhooks;
using Capacitor.Chargers;
using Capacitor.Webhooks;

namespace Capacitor.Api.Docs;

/// <summary>Members of answers that are one of a few words; their types know of a text only.</summary>
internal static class AnswerWords
{
    private static readonly string[] Tag = IdTagRequests.Statuses;
    private static readonly string[] Online = [ChargerStatus.Online, ChargerStatus.Offline];
    private static readonly string[] Deliveries = [.. Enum.GetValues<DeliveryStatus>().Select(DeliveryBody.Word)];
    private static readonly string[] Triggers = [.. Enum.GetValues<AttemptTrigger>().Select(AttemptBody.Word)];
    private static readonly string[] Signatures = [SettingWords.V1, SettingWords.V1a];

    private static readonly Dictionary<(Type Body, string Member), IReadOnlyList<string>> All = new()
    {
        [(typeof(ChargerBody), "status")] = Online,
        [(typeof(RegisteredChargerBody), "status")] = Online,
        [(typeof(ChargerDetailBody), "status")] = Online,
        [(typeof(ChargerMessageBody), "direction")] = ["in", "out"],
        [(typeof(ChargerMessageBody), "type")] = ["call", "result", "error", "unreadable"],
        [(typeof(CommandBody), "status")] = CommandBody.Statuses,
        [(typeof(ReservationBody), "status")] = ReservationStates.All,
        [(typeof(TransactionBody), "status")] = [TransactionStatus.InProgress, TransactionStatus.Completed],
        [(typeof(IdTagBody), "status")] = Tag,
        [(typeof(UserBody), "status")] = UserRequests.Statuses,
        [(typeof(PaymentBody), "status")] = PaymentRequests.Statuses,
        [(typeof(WebhookBody), "ordering")] = [SettingWords.Strict],
        [(typeof(WebhookBody), "signature")] = [SettingWords.V1a],
        [(typeof(WebhookBody), "disabledReason")] = ["failing", "gone"],
        [(typeof(RotatedSecretBody), "signature")] = Signatures,
        [(typeof(DeliveryBody), "status")] = Deliveries,
        [(typeof(DeliveryDetailBody), "status")] = Deliveries,
        [(typeof(TestBody), "status")] = Deliveries,
        [(typeof(AttemptBody), "trigger")] = Triggers,
        [(typeof(AttemptDetailBody), "trigger")] = Triggers,
        [(typeof(ReplayBody), "status")] = ["running", "completed", "cancelled"],
        [(typeof(TenantBody), "tier")] = TierName.All,
        [(typeof(TenantBody), "unknownIdTagPolicy")] = UnknownIdTagWord.All,
        [(typeof(OwnTenantBody), "tier")] = TierName.All,
        [(typeof(OwnTenantBody), "unknownIdTagPolicy")] = UnknownIdTagWord.All,
    };

    /// <summary>Null: any text.</summary>
    public static IReadOnlyList<string>? Of(Type body, string member) => All.GetValueOrDefault((body, member));

    /// <summary>Each with its body, which a test looks for in the document.</summary>
    public static IEnumerable<(Type Body, string Member)> Keys => All.Keys;
}
