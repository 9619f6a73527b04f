using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Capacitor.Api.Chargers;
using Capacitor.Api.Commands;
using Capacitor.Api.Errors;
using Capacitor.Api.Events;
using Capacitor.Api.Messages;
using Capacitor.Api.IdTags;
using Capacitor.Api.Payments;
using Capacitor.Api.Reservations;
using Capacitor.Api.Tenants;
using Capacitor.Api.Transactions;
using Capacitor.Api.Users;
using Capacitor.Api.Webhooks;

namespace Capacitor.Api.Json;

/// <summary>Everything the HTTP API writes.</summary>
[JsonSerializable(typeof(AboutBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(WebhookListBody))]
[JsonSerializable(typeof(DeliveryListBody))]
[JsonSerializable(typeof(DeliveryBody))]
[JsonSerializable(typeof(DeliveryDetailBody))]
[JsonSerializable(typeof(TestBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ReplayBody))]
[JsonSerializable(typeof(ReplayListBody))]
[JsonSerializable(typeof(RotatedSecretBody))]
[JsonSerializable(typeof(RegisteredChargerBody))]
[JsonSerializable(typeof(ChargerDetailBody))]
[JsonSerializable(typeof(ChargerListBody))]
[JsonSerializable(typeof(ConnectorListBody))]
[JsonSerializable(typeof(ConnectorDetailBody))]
[JsonSerializable(typeof(AnomalyListBody))]
[JsonSerializable(typeof(MessageListBody))]
[JsonSerializable(typeof(AnomalyListBody))]
[JsonSerializable(typeof(CommandBody))]
[JsonSerializable(typeof(CommandListBody))]
[JsonSerializable(typeof(ReservationBody))]
[JsonSerializable(typeof(ReservationListBody))]
[JsonSerializable(typeof(ProfileListBody))]
[JsonSerializable(typeof(TransactionBody))]
[JsonSerializable(typeof(TransactionListBody))]
[JsonSerializable(typeof(StartingBody))]
[JsonSerializable(typeof(StoppingBody))]
[JsonSerializable(typeof(EventTypeListBody))]
[JsonSerializable(typeof(EventTypeDetailBody))]
[JsonSerializable(typeof(TenantBody))]
[JsonSerializable(typeof(TenantListBody))]
[JsonSerializable(typeof(OwnTenantBody))]
[JsonSerializable(typeof(CreatedKeyBody))]
[JsonSerializable(typeof(KeyListBody))]
[JsonSerializable(typeof(AuthorityListBody))]
[JsonSerializable(typeof(IdTagBody))]
[JsonSerializable(typeof(IdTagListBody))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(UserListBody))]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(PaymentListBody))]
[JsonSerializable(typeof(CustomEventBody))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The context with the API's own settings.</summary>
    public static ApiJson Wire { get; } = new(Shape(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    /// <summary>How the API writes JSON: times to the millisecond, URLs without needless escapes.</summary>
    public static JsonSerializerOptions Shape(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // safe: every answer says application/json and nosniff
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new TimestampConverter());
        return options;
    }
}
