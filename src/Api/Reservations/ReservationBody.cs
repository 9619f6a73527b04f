using System.Text.Json.Serialization;
using Capacitor.Chargers;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Reservations;

/// <summary>A connector held for somebody.</summary>
internal sealed record ReservationBody
{
    public required int ReservationId { get; init; }

    public required string ChargeBoxId { get; init; }

    public required int ConnectorId { get; init; }

    public required string IdTag { get; init; }

    public required string? ParentIdTag { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required int? TransactionId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CommandId { get; init; }

    public static ReservationBody Of(Reservation reservation) => new()
    {
        ReservationId = reservation.ReservationId,
        ChargeBoxId = reservation.ChargeBoxId.Value,
        ConnectorId = reservation.ConnectorId,
        IdTag = reservation.IdTag,
        ParentIdTag = reservation.ParentIdTag,
        Status = reservation.Status,
        ExpiresAt = reservation.ExpiresAt,
        CreatedAt = reservation.CreatedAt,
        EndedAt = reservation.EndedAt,
        TransactionId = reservation.TransactionId,
    };

    /// <summary>One that the charger has just taken.</summary>
    public static ReservationBody Made(ChargeBoxId charger, ReserveNowRequest reserve, string commandId, DateTimeOffset asked) => new()
    {
        ReservationId = reserve.ReservationId,
        ChargeBoxId = charger.Value,
        ConnectorId = reserve.ConnectorId,
        IdTag = reserve.IdTag,
        ParentIdTag = reserve.ParentIdTag,
        Status = ReservationStates.Active,
        ExpiresAt = reserve.ExpiryDate,
        CreatedAt = asked,
        EndedAt = null,
        TransactionId = null,
        CommandId = commandId,
    };
}

internal sealed record ReservationListBody(IReadOnlyList<ReservationBody> Reservations, PaginationBody Pagination);
