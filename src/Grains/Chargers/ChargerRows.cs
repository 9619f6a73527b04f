using System.Globalization;
using Capacitor.Chargers;
using Capacitor.Grains.Records;
using Capacitor.Records;
using Capacitor.Tenants;
using Orleans.Serialization;

namespace Capacitor.Grains.Chargers;

/// <summary>Makes rows of what chargers were asked for, and reads them back.</summary>
internal sealed class ChargerRows(Serializer serializer)
{
    /// <summary>How long commands are kept, and reservations that have ended.</summary>
    private static readonly TimeSpan HistoryKept = TimeSpan.FromDays(90);

    public static RecordKey KeyOf(InstalledProfile profile) =>
        new(profile.Tenant, RecordKinds.ChargingProfile, $"{profile.ChargeBoxId.Value.ToUpperInvariant()}/{profile.ConnectorId}/{profile.ChargingProfileId}");

    public static RecordKey KeyOf(TenantId tenant, int reservationId) =>
        new(tenant, RecordKinds.Reservation, reservationId.ToString(CultureInfo.InvariantCulture));

    public RecordChange Save(CommandRecord command) => RecordChange.Save(new RecordRow
    {
        Key = new(command.Tenant, RecordKinds.Command, command.Id),
        Charger = command.ChargeBoxId,
        Status = CommandWords.Of(command.Status),
        Parent = command.Action,
        At = command.CreatedAt,
        ExpiresAt = command.CreatedAt + HistoryKept,
        Body = RecordBodies.Write(serializer, command),
    });

    public RecordChange Save(Reservation reservation) => RecordChange.Save(new RecordRow
    {
        Key = KeyOf(reservation.Tenant, reservation.ReservationId),
        Charger = reservation.ChargeBoxId,
        Status = reservation.Status,
        Parent = reservation.IdTag.ToUpperInvariant(),
        At = reservation.CreatedAt,
        ExpiresAt = reservation.EndedAt + HistoryKept,
        Body = RecordBodies.Write(serializer, reservation),
    });

    public RecordChange Save(InstalledProfile profile) => RecordChange.Save(new RecordRow
    {
        Key = KeyOf(profile),
        Charger = profile.ChargeBoxId,
        Status = profile.Purpose,
        At = profile.AppliedAt,
        Body = RecordBodies.Write(serializer, profile),
    });

    public T Read<T>(RecordRow row)
        where T : class => RecordBodies.Read<T>(serializer, row.Body);
}
