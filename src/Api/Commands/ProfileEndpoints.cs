using System.Text.Json;
using Capacitor.Api.Chargers;
using Capacitor.Api.Errors;
using Capacitor.Api.Records;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Ocpp.V16;
using Capacitor.Records;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Serialization;

namespace Capacitor.Api.Commands;

/// <summary>What a charger was given of charging profiles and has not dropped, as far as this server was told.</summary>
internal static class ProfileEndpoints
{
    public static void MapProfiles(this IEndpointRouteBuilder api) => 
        api.MapGet("/chargers/{chargeBoxId}/charging-profiles", ListAsync).RequireTier(Tier.Starter, "Charging profiles");

    private static async Task<Results<Ok<ProfileListBody>, ApiError>> ListAsync(
        Caller caller, string chargeBoxId, HttpRequest request, IGrainFactory grains, Serializer serializer)
    {
        if (await ChargerEndpoints.LookUpAsync(grains, caller, chargeBoxId) is not { Charger.ChargeBoxId: var id })
        {
            return ChargerEndpoints.Missing(chargeBoxId);
        }

        var paging = Paging.Of(request);
        var purpose = Query.OneOf(request, "purpose", ChargingProfilePurposes.ChargePointMaxProfile, ChargingProfilePurposes.TxDefaultProfile, ChargingProfilePurposes.TxProfile);
        var filter = new RecordFilter { Kind = RecordKinds.ChargingProfile, Charger = id, Statuses = purpose is null ? null : [purpose] };
        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListRecordsAsync(filter, paging.Limit, paging.Offset);
        return TypedResults.Ok(new ProfileListBody(
            [.. page.Items.Select(row => ProfileBody.Of(serializer.Read<InstalledProfile>(row)))], PaginationBody.Of(paging, page.Total)));
    }
}

internal sealed record ProfileBody(int ChargingProfileId, int ConnectorId, JsonElement ChargingProfile, DateTimeOffset AppliedAt)
{
    public static ProfileBody Of(InstalledProfile profile) =>
        new(profile.ChargingProfileId, profile.ConnectorId, JsonElement.Parse(profile.Profile), profile.AppliedAt);
}

internal sealed record ProfileListBody(IReadOnlyList<ProfileBody> ChargingProfiles, PaginationBody Pagination);
