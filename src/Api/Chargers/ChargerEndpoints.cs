using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Chargers;

/// <summary>A tenant's chargers, addressed by <c>chargeBoxId</c> in whatever case.</summary>
internal static class ChargerEndpoints
{
    public static void MapChargers(this IEndpointRouteBuilder api)
    {
        var chargers = api.MapGroup("/chargers");
        chargers.MapPost("", RegisterAsync);
        chargers.MapGet("", ListAsync);
        chargers.MapGet("/{chargeBoxId}", FindAsync);
        chargers.MapPatch("/{chargeBoxId}", ChangeAsync);
        chargers.MapDelete("/{chargeBoxId}", RemoveAsync);
    }

    private static async Task<Created<RegisteredChargerBody>> RegisterAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var charger = await grains.GetGrain<ITenantGrain>(caller.GrainKey).RegisterChargerAsync(await ChargerRequests.ReadNewAsync(request));
        return TypedResults.Created(
            $"/api/v1/chargers/{Uri.EscapeDataString(charger.ChargeBoxId.Value)}",
            RegisteredChargerBody.Of(charger, ConnectionUrl.Of(request, charger)));
    }

    private static async Task<Ok<ChargerListBody>> ListAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        var paging = Paging.Of(request);
        var status = Query.OneOf(request, "status", ChargerStatus.Online, ChargerStatus.Offline);
        bool? online = status is null ? null : status == ChargerStatus.Online;
        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListChargersAsync(online, paging.Limit, paging.Offset);
        return TypedResults.Ok(new ChargerListBody([.. page.Items.Select(ChargerBody.Of)], PaginationBody.Of(paging, page.Total)));
    }

    private static async Task<Results<Ok<ChargerDetailBody>, ApiError>> FindAsync(Caller caller, string chargeBoxId, HttpRequest request, IGrainFactory grains) =>
        await LookUpAsync(grains, caller, chargeBoxId) is { } found ? Describe(request, found) : Missing(chargeBoxId);

    private static async Task<Results<Ok<ChargerDetailBody>, ApiError>> ChangeAsync(Caller caller, string chargeBoxId, HttpRequest request, IGrainFactory grains)
    {
        if (await LookUpAsync(grains, caller, chargeBoxId) is not { } found)
        {
            return Missing(chargeBoxId); // a missing charger is told before a wrong body
        }

        var patch = await ChargerRequests.ReadPatchAsync(request);
        var changed = await grains.GetGrain<IChargerGrain>(found.Charger.ChargeBoxId.GrainKey).ChangeAsync(caller.Id, patch);
        return changed is null ? Missing(chargeBoxId) : Describe(request, found with { Charger = changed });
    }

    private static async Task<Results<Ok<MessageBody>, ApiError>> RemoveAsync(Caller caller, string chargeBoxId, IGrainFactory grains) =>
        ChargeBoxId.TryParse(chargeBoxId, out var id) && await grains.GetGrain<ITenantGrain>(caller.GrainKey).RemoveChargerAsync(id)
            ? TypedResults.Ok(new MessageBody("Charger deleted successfully"))
            : Missing(chargeBoxId);

    /// <summary>The tenant's charger of this id, or null; what can be no id is no charger either.</summary>
    public static async Task<ChargerDetail?> LookUpAsync(IGrainFactory grains, Caller caller, string chargeBoxId) =>
        ChargeBoxId.TryParse(chargeBoxId, out var id) ? await grains.GetGrain<IChargerGrain>(id.GrainKey).FindAsync(caller.Id) : null;

    public static ApiError Missing(string chargeBoxId) => ApiError.NotFound($"Charger {chargeBoxId} not found");

    private static Ok<ChargerDetailBody> Describe(HttpRequest request, ChargerDetail detail) =>
        TypedResults.Ok(ChargerDetailBody.Of(detail, ConnectionUrl.Of(request, detail.Charger)));
}
