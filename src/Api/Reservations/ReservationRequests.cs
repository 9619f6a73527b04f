using Capacitor.Api.Chargers;
using Capacitor.Api.Json;
using Capacitor.Chargers;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Reservations;

/// <summary>Reads what a tenant asks to be held.</summary>
internal static class ReservationRequests
{
    private const int MaxIdTag = 20; // OCPP's idToken

    public static async Task<(ChargeBoxId Charger, ReserveNowRequest Reserve)> ReadAsync(HttpRequest request, DateTimeOffset now)
    {
        using var body = await JsonBody.ReadAsync(request);
        var expiresAt = body["expiresAt"].TimeOrNull() ?? throw body["expiresAt"].Refuse("'expiresAt' is required: when the reservation ends.");
        return expiresAt <= now
            ? throw body["expiresAt"].Refuse("'expiresAt' must be in the future.")
            : (ChargerRequests.ReadId(body["chargeBoxId"]), new ReserveNowRequest
            {
                ConnectorId = body["connectorId"].Integer(0),
                IdTag = body["idTag"].Text(MaxIdTag),
                ParentIdTag = body["parentIdTag"].TextOrNull(MaxIdTag),
                ExpiryDate = expiresAt,
                ReservationId = 0, // given later
            });
    }
}
