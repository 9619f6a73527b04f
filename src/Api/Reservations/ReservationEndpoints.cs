using System.Globalization;
using Capacitor.Api.Chargers;
using Capacitor.Api.Commands;
using Capacitor.Api.Errors;
using Capacitor.Api.Json;
using Capacitor.Api.Records;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Ocpp.V16;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Serialization;

namespace Capacitor.Api.Reservations;

/// <summary>Connectors held for somebody.</summary>
internal static class ReservationEndpoints
{
    private static readonly CommandSpec Reserve = new("reservations", Ocpp16Actions.ReserveNow, "Reservation") { Echo = ["reservationId", "connectorId", "idTag"] };
    private static readonly CommandSpec Cancel = new("reservations", Ocpp16Actions.CancelReservation, "Cancellation") { Echo = ["reservationId"] };

    public static void MapReservations(this IEndpointRouteBuilder api)
    {
        var reservations = api.MapGroup("/reservations").RequireTier(Tier.Starter, "Reservations");
        reservations.MapPost("", ReserveAsync).Produces<ReservationBody>(StatusCodes.Status201Created);
        reservations.MapGet("", ListAsync);
        reservations.MapGet("/{reservationId}", FindAsync);
        reservations.MapDelete("/{reservationId}", CancelAsync).Produces<MessageBody>();
    }

    private static async Task<IResult> ReserveAsync(Caller caller, HttpRequest request, IGrainFactory grains, CommandRunner runner, TimeProvider time)
    {
        var (charger, reserve) = await ReservationRequests.ReadAsync(request, time.GetUtcNow());
        if (await ChargerEndpoints.LookUpAsync(grains, caller, charger.Value) is not { Charger: { ChargeBoxId: var id } found })
        {
            return ChargerEndpoints.Missing(charger.Value);
        }

        if (!found.IsOnline)
        {
            return CommandFailure.Of(id, Reserve.Action, new CommandOutcome.NotConnected(), null); // no number is spent on it
        }

        var asked = time.GetUtcNow();

        // A number that nobody else has, from where transactions get theirs.
        reserve.ReservationId = await grains.GetGrain<ITransactionIdGrain>(ITransactionIdGrain.Key).ReserveAsync(1);
        var command = CommandRequest.Of(request, Reserve, Ocpp16Writer.Serialize(reserve));
        return await runner.RunAsync(caller, id, command, ended => TypedResults.Created(
            $"/api/v1/reservations/{reserve.ReservationId}", ReservationBody.Made(id, reserve, ended.Id, asked)));
    }

    private static async Task<Ok<ReservationListBody>> ListAsync(Caller caller, HttpRequest request, IGrainFactory grains, Serializer serializer)
    {
        var paging = Paging.Of(request);
        var status = Query.OneOf(request, "status", ReservationStates.All);
        var filter = new RecordFilter
        {
            Kind = RecordKinds.Reservation,
            Charger = Query.Charger(request, "chargeBoxId"),
            Parent = Query.Text(request, "idTag")?.ToUpperInvariant(),
            Statuses = status is null ? null : [status],
        };
        var page = await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).ListRecordsAsync(filter, paging.Limit, paging.Offset);
        return TypedResults.Ok(new ReservationListBody(
            [.. page.Items.Select(row => ReservationBody.Of(serializer.Read<Reservation>(row)))], PaginationBody.Of(paging, page.Total)));
    }

    private static async Task<Results<Ok<ReservationBody>, ApiError>> FindAsync(Caller caller, string reservationId, IGrainFactory grains, Serializer serializer) =>
        await LookUpAsync(caller, reservationId, grains, serializer) is { } found ? TypedResults.Ok(ReservationBody.Of(found)) : Missing(reservationId);

    private static async Task<IResult> CancelAsync(
        Caller caller, string reservationId, HttpRequest request, IGrainFactory grains, Serializer serializer, CommandRunner runner)
    {
        if (await LookUpAsync(caller, reservationId, grains, serializer) is not { } found)
        {
            return Missing(reservationId);
        }

        if (found.Status != ReservationStates.Active)
        {
            return ApiError.Conflict($"Reservation {reservationId} is {found.Status} already");
        }

        var command = CommandRequest.Of(request, Cancel, Ocpp16Writer.Serialize(new CancelReservationRequest { ReservationId = found.ReservationId }));
        return await runner.RunAsync(caller, found.ChargeBoxId, command, _ => TypedResults.Ok(new MessageBody("Reservation cancelled successfully")));
    }

    private static async Task<Reservation?> LookUpAsync(Caller caller, string reservationId, IGrainFactory grains, Serializer serializer) =>
        int.TryParse(reservationId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && await grains.GetGrain<ITenantRecordsGrain>(caller.GrainKey).FindRecordAsync(RecordKinds.Reservation, id.ToString(CultureInfo.InvariantCulture)) is { } row
            ? serializer.Read<Reservation>(row)
            : null;

    private static ApiError Missing(string reservationId) => ApiError.NotFound($"Reservation {reservationId} not found");
}
