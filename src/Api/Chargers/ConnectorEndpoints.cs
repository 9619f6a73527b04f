using System.Globalization;
using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Transactions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Chargers;

/// <summary>The connectors of a charger, and what each is charging.</summary>
internal static class ConnectorEndpoints
{
    private const int MostOpen = 200;

    public static void MapConnectors(this IEndpointRouteBuilder api)
    {
        var connectors = api.MapGroup("/chargers/{chargeBoxId}/connectors");
        connectors.MapGet("", ListAsync);
        connectors.MapGet("/{connectorId}", FindAsync);
    }

    private static async Task<Results<Ok<ConnectorListBody>, ApiError>> ListAsync(Caller caller, string chargeBoxId, IGrainFactory grains) =>
        await ReadAsync(caller, chargeBoxId, grains) is { } connectors ? TypedResults.Ok(new ConnectorListBody(connectors)) : ChargerEndpoints.Missing(chargeBoxId);

    private static async Task<Results<Ok<ConnectorDetailBody>, ApiError>> FindAsync(Caller caller, string chargeBoxId, string connectorId, IGrainFactory grains)
    {
        if (await ReadAsync(caller, chargeBoxId, grains) is not { } connectors)
        {
            return ChargerEndpoints.Missing(chargeBoxId);
        }

        return connectors.FirstOrDefault(connector => connector.ConnectorId.ToString(CultureInfo.InvariantCulture) == connectorId) is { } found
            ? TypedResults.Ok(found)
            : ApiError.NotFound($"Connector {connectorId} of charger {chargeBoxId} not found");
    }

    private static async Task<IReadOnlyList<ConnectorDetailBody>?> ReadAsync(Caller caller, string chargeBoxId, IGrainFactory grains)
    {
        if (await ChargerEndpoints.LookUpAsync(grains, caller, chargeBoxId) is not { } found)
        {
            return null;
        }

        var filter = new TransactionFilter { ChargeBoxId = found.Charger.ChargeBoxId, Open = true };
        var open = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListTransactionsAsync(filter, MostOpen, 0);
        return [.. found.Connectors.Select(connector => ConnectorDetailBody.Of(connector, open.Items))];
    }
}
