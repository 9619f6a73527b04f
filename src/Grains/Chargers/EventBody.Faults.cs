using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Events;

namespace Capacitor.Grains.Chargers;

internal static partial class EventBody
{
    public static byte[] FaultDetected(ChargeBoxId charger, OpenFault fault, StatusReport report, DateTimeOffset now)
    {
        var json = EventJson.Begin(EventTypes.FaultDetected, now);
        json.WriteString("faultId"u8, fault.FaultId);
        json.WriteString("chargeBoxId"u8, charger.Value);
        json.WriteNumber("connectorId"u8, fault.ConnectorId);
        json.WriteString("errorCode"u8, fault.ErrorCode);
        json.WriteString("info"u8, report.Info);
        json.WriteString("vendorId"u8, report.VendorId);
        json.WriteString("vendorErrorCode"u8, fault.VendorErrorCode);
        return EventJson.End(json);
    }

    public static byte[] FaultCleared(ChargeBoxId charger, OpenFault fault, DateTimeOffset now)
    {
        var json = EventJson.Begin(EventTypes.FaultCleared, now);
        json.WriteString("faultId"u8, fault.FaultId);
        json.WriteString("chargeBoxId"u8, charger.Value);
        json.WriteNumber("connectorId"u8, fault.ConnectorId);
        json.WriteString("errorCode"u8, fault.ErrorCode);
        EventJson.WriteTime(json, "detectedAt"u8, fault.DetectedAt);
        return EventJson.End(json);
    }

    /// <summary>Both that it is raised and that it is over; <c>connectorId</c> is left out when it is about the charger as a whole.</summary>
    public static byte[] Alarm(string type, ChargeBoxId charger, OpenAlarm alarm, string message, DateTimeOffset now)
    {
        var json = EventJson.Begin(type, now);
        json.WriteString("alarmId"u8, alarm.AlarmId);
        json.WriteString("alarmType"u8, alarm.Type);
        json.WriteString("chargeBoxId"u8, charger.Value);
        if (alarm.ConnectorId is { } connector)
        {
            json.WriteNumber("connectorId"u8, connector);
        }

        json.WriteString("severity"u8, alarm.Severity);
        json.WriteString("message"u8, message);
        return EventJson.End(json);
    }
}
