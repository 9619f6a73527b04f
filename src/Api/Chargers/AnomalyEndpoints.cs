using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Chargers;

/// <summary>What the messages of a tenant's charger were forgiven, by kind.</summary>
internal static class AnomalyEndpoints
{
    public static void MapAnomalies(this IEndpointRouteBuilder api)
    {
        var anomalies = api.MapGroup("/chargers/{chargeBoxId}/anomalies");
        anomalies.MapGet("", ListAsync);
        anomalies.MapDelete("", ClearAsync);
    }

    private static async Task<Results<Ok<AnomalyListBody>, ApiError>> ListAsync(Caller caller, string chargeBoxId, IGrainFactory grains) =>
        ChargeBoxId.TryParse(chargeBoxId, out var id) && await grains.GetGrain<IChargerGrain>(id.GrainKey).ListAnomaliesAsync(caller.Id) is { } anomalies
            ? TypedResults.Ok(new AnomalyListBody([.. anomalies.Select(AnomalyBody.Of)]))
            : ChargerEndpoints.Missing(chargeBoxId);

    private static async Task<Results<Ok<MessageBody>, ApiError>> ClearAsync(Caller caller, string chargeBoxId, IGrainFactory grains) =>
        ChargeBoxId.TryParse(chargeBoxId, out var id) && await grains.GetGrain<IChargerGrain>(id.GrainKey).ClearAnomaliesAsync(caller.Id)
            ? TypedResults.Ok(new MessageBody("Anomalies cleared"))
            : ChargerEndpoints.Missing(chargeBoxId);
}
