using Capacitor.Chargers;

namespace Capacitor.Api.Chargers;

/// <summary>A charger's status as the wire spells it.</summary>
internal static class ChargerStatus
{
    public const string Online = "online";
    public const string Offline = "offline";

    public static string Of(Charger charger) => charger.IsOnline ? Online : Offline;
}
