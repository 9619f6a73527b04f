using System.Text.Json;
using Capacitor.Api.Chargers;
using Capacitor.Api.Commands;
using Capacitor.Api.Json;
using Capacitor.Chargers;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Transactions;

/// <summary>Reads what a tenant asks of transactions.</summary>
internal static class TransactionRequests
{
    private const string DefaultIdTag = "CAPACITOR";
    private const int MaxIdTag = 20; // OCPP's idToken

    public static async Task<(ChargeBoxId Charger, RemoteStartTransactionRequest Start)> ReadStartAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return (ChargerRequests.ReadId(body["chargeBoxId"]), Read(body));
    }

    public static async Task<RemoteStartTransactionRequest> ReadRemoteStartAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return Read(body);
    }

    private static RemoteStartTransactionRequest Read(JsonBody body) => new()
    {
        ConnectorId = body["connectorId"].Integer(1),
        IdTag = body["idTag"].TextOrNull(MaxIdTag) ?? DefaultIdTag,
        ChargingProfile = body["chargingProfile"].ObjectOrNull() is { } profile ? ReadProfile(body["chargingProfile"], profile) : null,
    };

    // OCPP 1.6 §5.16.2 (errata 3.41): for this transaction only, which has no id yet.
    private static ChargingProfile ReadProfile(JsonMember member, JsonElement given)
    {
        var reading = Ocpp16Reader.ReadStrict<ChargingProfile>(JsonSerializer.SerializeToUtf8Bytes(given, CommandJson.Default.JsonElement));
        if (reading.Mistakes is [var first, ..])
        {
            throw member.Refuse($"'chargingProfile.{first.Path}' {first.Detail}");
        }

        return reading.Value is { ChargingProfilePurpose: ChargingProfilePurposes.TxProfile, TransactionId: null } profile
            ? profile
            : throw member.Refuse("'chargingProfile' must be a TxProfile without a transactionId: it is for the transaction that begins.");
    }
}
