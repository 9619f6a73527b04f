using Capacitor.Api.Chargers;
using Capacitor.Api.Json;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Reports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capacitor.Api.Events;

/// <summary>Events that a tenant's own systems publish, beside those of its chargers.</summary>
internal static class CustomEvents
{
    /// <summary>The largest request, in bytes; what webhooks receive is about as large.</summary>
    private const int MaxBytes = 64 * 1024;

    public static async Task<Created<CustomEventBody>> PublishAsync(Caller caller, HttpRequest request, IGrainFactory grains)
    {
        using var body = await JsonBody.ReadAsync(request, MaxBytes);
        var type = body["event"].Text();
        if (!EventTypes.IsCustom(type))
        {
            throw body["event"].Refuse(
                $"'event' must begin with {EventTypes.CustomPrefix} and go on with 1 to {EventTypes.MostCustomCharacters} of a-z, 0-9, _ and full stops, such as {EventTypes.CustomPrefix}order_paid.");
        }

        var data = body["data"].Object();
        var charger = await FindChargerAsync(caller, body["chargeBoxId"], grains);
        var published = await grains.GetGrain<ITenantReportsGrain>(caller.GrainKey).PublishAsync(new() { Type = type, Data = data, ChargeBoxId = charger });
        return TypedResults.Created((string?)null, new CustomEventBody(published.Id, type, published.At, charger == ChargeBoxId.None ? null : charger.Value));
    }

    private static async Task<ChargeBoxId> FindChargerAsync(Caller caller, JsonMember member, IGrainFactory grains) =>
        member.TextOrNull() is not { } text ? ChargeBoxId.None
        : await ChargerEndpoints.LookUpAsync(grains, caller, text) is { } found ? found.Charger.ChargeBoxId
        : throw member.Refuse("'chargeBoxId' names no charger of this account. Leave it out for an event that concerns none.");
}

/// <summary>An event that was published.</summary>
internal sealed record CustomEventBody(string Id, string Event, DateTimeOffset Timestamp, string? ChargeBoxId);
