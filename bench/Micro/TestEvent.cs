using System.Globalization;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Micro;

internal static class TestEvent
{
    public static JournalEvent Make(long position, int charger, byte[] body) => new()
    {
        Id = "evt_" + position.ToString("D20", CultureInfo.InvariantCulture),
        Type = (position & 1) == 0 ? EventTypes.TransactionStarted : EventTypes.TransactionUpdated,
        Tenant = TenantId.Default,
        ChargeBoxId = new ChargeBoxId("CHARGER-" + charger.ToString("D4", CultureInfo.InvariantCulture)),
        At = TimeProvider.System.GetUtcNow(),
        Body = body,
        Position = position,
    };
}
