using System.Globalization;
using System.Text.Json;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Octt;

/// <summary>Connectors kept for somebody.</summary>
internal static partial class OcttCases
{
    private const string Reservations = "/api/v1/reservations";

    private static async Task ReservationUsedAsync(OcttStation station)
    {
        await station.BeginAsync();
        var reservation = await ReserveAsync(station, Reservation(station));
        await station.AuthorizeAsync();
        await station.StartAsync(reservationId: reservation);
        await station.StatusAsync(ConnectorStatuses.Charging);
        await ExpectStatusAsync(station, reservation, "used");
    }

    // The charger says when: its clock and the server's need not agree.
    private static async Task ReservationExpiredAsync(OcttStation station)
    {
        await station.BeginAsync();
        await ReserveAsync(station, Reservation(station));
        await station.StatusAsync(ConnectorStatuses.Available);
    }

    private static Task ReservationRefusedAsync(OcttStation station, string status) => station.BeginThenAsync(() => RefuseReservationAsync(station, status));

    private static async Task ReservationOfOccupiedAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await RefuseReservationAsync(station, ReservationStatuses.Occupied);
    }

    private static async Task ReservationOfUnavailableAsync(OcttStation station)
    {
        await station.BeginAsync();
        var (call, _) = await station.CommandAsync("availability", new { connectorId = 1, type = "Inoperative" }, "ChangeAvailability");
        Expect("the availability that is asked for", "Inoperative", call.GetProperty("type").GetString());
        await station.StatusAsync(ConnectorStatuses.Unavailable);
        await RefuseReservationAsync(station, ReservationStatuses.Unavailable);
    }

    private static async Task ReservationOfAnyAsync(OcttStation station)
    {
        await station.BeginAsync();
        await ReserveAsync(station, Reservation(station, connector: 0));
    }

    private static async Task ReservationCancelledAsync(OcttStation station)
    {
        await station.BeginAsync();
        var reservation = await ReserveAsync(station, Reservation(station));
        var (call, _) = await station.CommandAtAsync("DELETE", $"{Reservations}/{reservation}", null, "CancelReservation");
        Expect("the reservation that is cancelled", $"{reservation}", call.GetProperty("reservationId").GetRawText());
        await station.StatusAsync(ConnectorStatuses.Available);
        await ExpectStatusAsync(station, reservation, "cancelled");
    }

    private static async Task ReservationNotCancelledAsync(OcttStation station)
    {
        await station.BeginAsync();
        var reservation = await ReserveAsync(station, Reservation(station));
        await station.RefusedCommandAtAsync("DELETE", $"{Reservations}/{reservation}", null, "CancelReservation", "Rejected");
        await ExpectStatusAsync(station, reservation, "active");
    }

    private static async Task ReservationOfGroupAsync(OcttStation station)
    {
        await station.RefuseUnknownTagsAsync();
        await station.RegisterTagAsync(new { idTag = "FIRST", parentIdTag = "GROUP" });
        await station.RegisterTagAsync(new { idTag = "SECOND", parentIdTag = "GROUP" });
        await station.BeginAsync();
        var reservation = await ReserveAsync(station, Reservation(station, "FIRST", "GROUP"));

        var info = await station.AuthorizeAsync("SECOND");
        Expect("the group of the tag in Authorize", "GROUP", info.ParentIdTag);
        await station.StartAsync("SECOND", reservation);
        await station.StatusAsync(ConnectorStatuses.Charging);
        await ExpectStatusAsync(station, reservation, "used");
    }

    private static object Reservation(OcttStation station, string tag = OcttStation.Tag, string? parentIdTag = null, int connector = 1) => new
    {
        chargeBoxId = station.Id, connectorId = connector, idTag = tag, parentIdTag, expiresAt = Timestamp.Format(OcttStation.Now.AddMinutes(5)),
    };

    private static async Task<int> ReserveAsync(OcttStation station, object reservation)
    {
        var wanted = JsonSerializer.SerializeToElement(reservation);
        var (call, told) = await station.CommandAtAsync("POST", Reservations, reservation, "ReserveNow");
        foreach (var member in (string[])["connectorId", "idTag"])
        {
            Expect($"the {member} that is reserved", wanted.GetProperty(member).GetRawText(), call.GetProperty(member).GetRawText());
        }

        if (wanted.GetProperty("parentIdTag").GetString() is { } parent)
        {
            Expect("the group that is reserved for", parent, call.TryGetProperty("parentIdTag", out var sent) ? sent.GetString() : null);
        }

        await station.StatusAsync(ConnectorStatuses.Reserved, call.GetProperty("connectorId").GetInt32() is 0 ? 1 : call.GetProperty("connectorId").GetInt32());
        var id = told.GetProperty("reservationId").GetInt32();
        Expect("the reservation's id", id.ToString(CultureInfo.InvariantCulture), call.GetProperty("reservationId").GetRawText());
        return id;
    }

    private static Task RefuseReservationAsync(OcttStation station, string status) =>
        station.RefusedCommandAtAsync("POST", Reservations, Reservation(station), "ReserveNow", status);

    private static async Task ExpectStatusAsync(OcttStation station, int reservation, string status) =>
        Expect("the reservation's status", status, (await station.AskAsync("GET", $"{Reservations}/{reservation}")).Json.GetProperty("status").GetString());
}
