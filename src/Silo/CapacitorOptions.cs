namespace Capacitor.Silo;

/// <summary>What the host itself reads of the section <c>Capacitor</c>; features bind their own parts. Checked by <see cref="ConfigurationRules"/>.</summary>
internal sealed class CapacitorOptions
{
    public const string Section = "Capacitor";

    /// <summary>Key of the tenant <c>default</c>. Default: one is made at the first start.</summary>
    public string? BootstrapApiKey { get; init; }

    /// <summary>What concerns all chargers.</summary>
    public ChargersOptions Chargers { get; init; } = new();
}

/// <summary>Section <c>Capacitor:Chargers</c>.</summary>
internal sealed class ChargersOptions
{
    /// <summary>How long chargers of a process that died have to come back before they are reported disconnected. Default 30 seconds, at most an hour.</summary>
    public TimeSpan LostConnectionGrace { get; init; } = TimeSpan.FromSeconds(30);
}
