using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Chargers;

/// <summary>OCPP 1.6 §5.3 and §5.13.</summary>
internal sealed partial class ChargerState
{
    /// <summary>No charger has as many connectors.</summary>
    private const int MaxReservations = 256;

    public DateTimeOffset? ReservationsDueAt => Reservations.Count == 0 ? null : Reservations.Min(reservation => reservation.ExpiresAt);

    public Reservation? FindReservation(int reservationId) => Reservations.Find(reservation => reservation.ReservationId == reservationId);

    /// <summary>The reservation that a transaction uses: the one it names, or one for this connector and tag. Chargers leave the id out.</summary>
    public Reservation? FindReservation(int? reservationId, StartReport report) =>
        (reservationId is { } id ? FindReservation(id) : null)
        ?? Reservations.Find(reservation => (reservation.ConnectorId == report.ConnectorId || reservation.ConnectorId == 0)
            && string.Equals(reservation.IdTag, report.IdTag, StringComparison.OrdinalIgnoreCase));

    /// <summary>A charger that is given a known id anew replaces that reservation.</summary>
    public void Reserve(Reservation reservation, DateTimeOffset now)
    {
        Reservations.RemoveAll(other => other.ReservationId == reservation.ReservationId);
        Reservations.Add(reservation);
        Emit(EventTypes.ReservationCreated, now, EventBody.Reservation(EventTypes.ReservationCreated, reservation, now));
    }

    public void RefuseReservation(Reservation refused, string status, DateTimeOffset now) =>
        Emit(EventTypes.ReservationRejected, now, EventBody.Reservation(EventTypes.ReservationRejected, refused, now, status: status));

    /// <summary>Ends a reservation; answers how it is kept.</summary>
    public Reservation EndReservation(Reservation reservation, string status, DateTimeOffset now, int? transactionId = null, string? reason = null)
    {
        Reservations.RemoveAll(other => other.ReservationId == reservation.ReservationId);
        var ended = reservation with { Status = status, EndedAt = now, TransactionId = transactionId };
        var type = status switch
        {
            ReservationStates.Used => EventTypes.ReservationUsed,
            ReservationStates.Expired => EventTypes.ReservationExpired,
            _ => EventTypes.ReservationCancelled,
        };
        Emit(type, now, EventBody.Reservation(type, ended, now, reason: reason));
        return ended;
    }
}
