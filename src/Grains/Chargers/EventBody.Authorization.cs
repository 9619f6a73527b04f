using Capacitor.Chargers;
using Capacitor.Grains.Events;

namespace Capacitor.Grains.Chargers;

internal static partial class EventBody
{
    public static byte[] Authorization(string type, ChargeBoxId charger, int? connectorId, string idTag, string status, DateTimeOffset now)
    {
        var json = Begin(type, now, charger);
        if (connectorId is { } connector)
        {
            json.WriteNumber("connectorId"u8, connector);
        }

        json.WriteString("idTag"u8, idTag);
        json.WriteString("status"u8, status);
        return EventJson.End(json);
    }
}
