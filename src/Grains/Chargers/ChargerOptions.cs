namespace Capacitor.Grains.Chargers;

/// <summary>Section <c>Capacitor:Chargers</c>.</summary>
public sealed class ChargerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor:Chargers";

    /// <summary>How long chargers of a process that died have to come back before they are reported disconnected. Default 30 seconds, at most an hour.</summary>
    public TimeSpan LostConnectionGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Makes that stay away after a close: <c>vendor</c> or <c>vendor/model</c> as in their BootNotification, case ignored. A stopping server cuts their
    /// connections, which they take for a lost network and dial again. Default none.
    /// </summary>
    public IList<string> AbortInsteadOfClose { get; } = [];
}
