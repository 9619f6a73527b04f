using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>What a charging profile is for.</summary>
public static class ChargingProfilePurposes
{
    public const string ChargePointMaxProfile = "ChargePointMaxProfile";
    public const string TxDefaultProfile = "TxDefaultProfile";
    public const string TxProfile = "TxProfile";

    public static WordSet Words { get; } = new(ChargePointMaxProfile, TxDefaultProfile, TxProfile);
}

/// <summary>What the times of a charging profile are counted from.</summary>
public static class ChargingProfileKinds
{
    public const string Absolute = "Absolute";
    public const string Recurring = "Recurring";
    public const string Relative = "Relative";

    public static WordSet Words { get; } = new(Absolute, Recurring, Relative);
}

/// <summary>How often a charging profile comes back.</summary>
public static class RecurrencyKinds
{
    public const string Daily = "Daily";
    public const string Weekly = "Weekly";

    public static WordSet Words { get; } = new(Daily, Weekly);
}

/// <summary>What the limits of a schedule are in.</summary>
public static class ChargingRateUnits
{
    public const string A = "A";
    public const string W = "W";

    public static WordSet Words { get; } = new(A, W);
}
