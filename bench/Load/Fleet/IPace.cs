namespace Capacitor.Load.Fleet;

/// <summary>Decides when a charger speaks; called on the socket thread.</summary>
internal interface IPace
{
    /// <summary>The charger is connected and has no call outstanding.</summary>
    void Free(LoadCharger charger);

    /// <summary>The charger lost its connection, or never got one.</summary>
    void Lost(LoadCharger charger, string why);
}
