namespace Capacitor.Grains.Chargers;

/// <summary>Section <c>Capacitor:Chargers</c>.</summary>
public sealed class ChargerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor:Chargers";

    /// <summary>How long chargers of a process that died have to come back before they are reported disconnected. Default 30 seconds, at most an hour.</summary>
    public TimeSpan LostConnectionGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long offline an alarm is raised; null or zero: none is. Default 10 minutes.</summary>
    public TimeSpan? OfflineAlarm { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After how long without any message of a connected charger an alarm is raised; null or zero: none is. Default 11 minutes: two heartbeats and a minute.</summary>
    public TimeSpan? HeartbeatAlarm { get; set; } = TimeSpan.FromMinutes(11);

    /// <summary>After how long without meter values of an open transaction an alarm is raised; null or zero: none is. Default 15 minutes.</summary>
    public TimeSpan? MeterValuesAlarm { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How far a charger's clock may be off before an alarm is raised; null or zero: none is. Default 5 minutes.</summary>
    public TimeSpan? ClockAlarm { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often it is looked for chargers of which something is due. Default 5 seconds.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after a remote start a transaction may begin that it is taken to have caused; then it is told that none came of it. Longer than the chargers' own
    /// ConnectionTimeOut. Default 3 minutes, at most an hour.
    /// </summary>
    public TimeSpan RemoteStartPatience { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Makes that stay away after a close: <c>vendor</c> or <c>vendor/model</c> as in their BootNotification, case ignored. A stopping server cuts their
    /// connections, which they take for a lost network and dial again. Default none.
    /// </summary>
    public IList<string> AbortInsteadOfClose { get; } = [];

    /// <summary>What a setting means that nothing or zero turns off.</summary>
    internal static TimeSpan? Term(TimeSpan? setting) => setting > TimeSpan.Zero ? setting : null;
}
