using Capacitor.Api.Chargers;
using Capacitor.Api.Json;
using Capacitor.Chargers;

namespace Capacitor.Api.Transactions;

/// <summary>A remote start as a tenant asks for it.</summary>
internal readonly record struct RemoteStart(int ConnectorId, string IdTag);

/// <summary>Reads what a tenant asks of transactions.</summary>
internal static class TransactionRequests
{
    private const string DefaultIdTag = "CAPACITOR";
    private const int MaxIdTag = 20; // OCPP's idToken

    public static async Task<(ChargeBoxId Charger, RemoteStart Start)> ReadStartAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return (ChargerRequests.ReadId(body["chargeBoxId"]), Read(body));
    }

    public static async Task<RemoteStart> ReadRemoteStartAsync(HttpRequest request)
    {
        using var body = await JsonBody.ReadAsync(request);
        return Read(body);
    }

    private static RemoteStart Read(JsonBody body) => new(body["connectorId"].Integer(1), body["idTag"].TextOrNull(MaxIdTag) ?? DefaultIdTag);
}
