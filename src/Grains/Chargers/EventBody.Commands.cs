using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Events;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers;

/// <summary>What comes of commands.</summary>
internal static partial class EventBody
{
    public static byte[] CommandEnded(string type, CommandRecord command, DateTimeOffset now)
    {
        var json = EventJson.Begin(type, now);
        json.WriteString("commandId"u8, command.Id);
        json.WriteString("chargeBoxId"u8, command.ChargeBoxId.Value);
        json.WriteString("command"u8, command.Action);
        json.WriteString("status"u8, CommandWords.Of(command.Status));
        json.WriteString("ocppStatus"u8, command.OcppStatus);
        json.WriteString("errorCode"u8, command.ErrorCode);
        json.WriteString("reason"u8, command.Reason);
        return EventJson.End(json);
    }

    public static byte[] StartFailed(ChargeBoxId charger, string? commandId, int? connectorId, string idTag, string reason, DateTimeOffset now)
    {
        var json = Begin(EventTypes.TransactionStartFailed, now, charger);
        EventJson.WriteNumber(json, "connectorId"u8, connectorId);
        json.WriteString("idTag"u8, idTag);
        json.WriteString("reason"u8, reason);
        json.WriteString("commandId"u8, commandId);
        return EventJson.End(json);
    }

    public static byte[] StopFailed(
        ChargeBoxId charger, string commandId, int transactionId, int connectorId, string idTag, string reason, DateTimeOffset now)
    {
        var json = EventJson.Begin(EventTypes.TransactionStopFailed, now);
        json.WriteNumber("transactionId"u8, transactionId);
        json.WriteString("chargeBoxId"u8, charger.Value);
        json.WriteNumber("connectorId"u8, connectorId);
        json.WriteString("idTag"u8, idTag);
        json.WriteString("reason"u8, reason);
        json.WriteString("commandId"u8, commandId);
        return EventJson.End(json);
    }

    public static byte[] Reservation(string type, Reservation reservation, DateTimeOffset now, string? status = null, string? reason = null)
    {
        var json = EventJson.Begin(type, now);
        json.WriteNumber("reservationId"u8, reservation.ReservationId);
        json.WriteString("chargeBoxId"u8, reservation.ChargeBoxId.Value);
        json.WriteNumber("connectorId"u8, reservation.ConnectorId);
        json.WriteString("idTag"u8, reservation.IdTag);
        EventJson.WriteTime(json, "expiresAt"u8, reservation.ExpiresAt);
        if (reservation.TransactionId is { } transaction)
        {
            json.WriteNumber("transactionId"u8, transaction);
        }

        WriteWord(json, "status"u8, status);
        WriteWord(json, "reason"u8, reason);
        return EventJson.End(json);
    }

    public static byte[] Profile(string type, InstalledProfile profile, string? status, DateTimeOffset now)
    {
        var json = EventJson.Begin(type, now);
        json.WriteNumber("chargingProfileId"u8, profile.ChargingProfileId);
        json.WriteString("chargeBoxId"u8, profile.ChargeBoxId.Value);
        json.WriteNumber("connectorId"u8, profile.ConnectorId);
        EventJson.WriteNumber(json, "transactionId"u8, profile.TransactionId);
        json.WriteString("purpose"u8, profile.Purpose);
        json.WriteNumber("stackLevel"u8, profile.StackLevel);
        WriteWord(json, "status"u8, status);
        return EventJson.End(json);
    }

    /// <summary>The limit is that of the schedule's first period.</summary>
    public static byte[] Limit(string type, InstalledProfile profile, ChargingSchedule? schedule, DateTimeOffset now)
    {
        var json = EventJson.Begin(type, now);
        json.WriteString("chargeBoxId"u8, profile.ChargeBoxId.Value);
        json.WriteNumber("connectorId"u8, profile.ConnectorId);
        EventJson.WriteNumber(json, "limit"u8, schedule?.ChargingSchedulePeriod is [{ Limit: { } limit }, ..] ? Plain(limit) : null);
        json.WriteString("unit"u8, schedule?.ChargingRateUnit);
        json.WriteString("source"u8, "capacitor"u8);
        json.WriteBoolean("isGridCritical"u8, false);
        json.WriteNumber("chargingProfileId"u8, profile.ChargingProfileId);
        return EventJson.End(json);
    }
}
