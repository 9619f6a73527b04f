namespace Capacitor.Silo;

/// <summary>What the host itself reads of the section <c>Capacitor</c>; features bind their own parts. Checked by <see cref="ConfigurationRules"/>.</summary>
internal sealed class CapacitorOptions
{
    public const string Section = "Capacitor";

    /// <summary>Key of the tenant <c>default</c>. Default: one is made at the first start.</summary>
    public string? BootstrapApiKey { get; init; }
}
