using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to give up a reservation.</summary>
public sealed record CancelReservationRequest : IPayload<CancelReservationRequest>
{
    public required int ReservationId { get; set; }

    static Shape<CancelReservationRequest> IPayload<CancelReservationRequest>.Shape { get; } =
        new Shape<CancelReservationRequest>(() => new() { ReservationId = 0 })
            .Whole("reservationId", Need.Required, (m, v) => m.ReservationId = v ?? 0);
}

/// <summary>Whether the charger did.</summary>
public sealed record CancelReservationResponse : IPayload<CancelReservationResponse>
{
    /// <summary>One of <see cref="GenericStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<CancelReservationResponse> IPayload<CancelReservationResponse>.Shape { get; } =
        new Shape<CancelReservationResponse>(() => new() { Status = "" })
            .Word("status", GenericStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}
