using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Events;

namespace Capacitor.Grains.Chargers;

internal static partial class EventBody
{
    public static byte[] ChargerStatusChanged(ChargeBoxId charger, string status, string? previous, bool isOnline, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ChargerStatusChanged, now, charger);
        json.WriteString("status"u8, status);
        json.WriteString("previousStatus"u8, previous);
        json.WriteBoolean("isOnline"u8, isOnline);
        return EventJson.End(json);
    }

    public static byte[] SecurityEvent(ChargeBoxId charger, SecurityReport report, DateTimeOffset reportedAt, DateTimeOffset now)
    {
        var json = Begin(EventTypes.SecurityEventReported, now, charger);
        json.WriteString("type"u8, report.Type);
        json.WriteString("techInfo"u8, report.TechInfo);
        EventJson.WriteTime(json, "reportedAt"u8, reportedAt);
        return EventJson.End(json);
    }

    /// <summary>Of a firmware update or an upload; <c>requestId</c> is left out when the charger named none.</summary>
    public static byte[] Progress(string type, ChargeBoxId charger, ProgressReport report, DateTimeOffset now)
    {
        var json = Begin(type, now, charger);
        json.WriteString("status"u8, report.Status);
        if (report.RequestId is { } request)
        {
            json.WriteNumber("requestId"u8, request);
        }

        return EventJson.End(json);
    }

    public static byte[] DataReceived(ChargeBoxId charger, VendorData data, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ChargerDataReceived, now, charger);
        json.WriteString("vendorId"u8, data.VendorId);
        json.WriteString("messageId"u8, data.MessageId);
        json.WriteString("data"u8, data.Data);
        return EventJson.End(json);
    }

    public static byte[] CertificateRequested(ChargeBoxId charger, string csr, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ChargerCertificateRequested, now, charger);
        json.WriteString("csr"u8, csr);
        return EventJson.End(json);
    }
}
