using System.Globalization;
using Capacitor.Events;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// Alarms: what is wrong and told by no message, or by none alone. Each is told once when it is raised and once when it is over. What is measured is the time of receipt, never the charger's clock.
/// </summary>
internal sealed partial class ChargerState
{
    /// <summary>To be told of each CALL of the charger: it lives.</summary>
    public void Hear(DateTimeOffset now)
    {
        Watch.HeardAt = now;
        Resolve(AlarmTypes.HeartbeatMissed, "The charger sends messages again.", now);
    }

    /// <summary>To be called when the grain begins: what it heard last may not have been stored, so that silence counts from now on.</summary>
    public void Awake(DateTimeOffset now)
    {
        if (Connection is not null)
        {
            Watch.HeardAt = now;
        }
    }

    private DateTimeOffset? FindAlarmDue(ChargerOptions options)
    {
        var due = Earliest(FindOfflineDue(options), FindSilenceDue(options));
        foreach (var open in Open)
        {
            due = Earliest(due, FindMeterDue(open, options));
        }

        return due;
    }

    private void RaiseAlarms(ChargerOptions options, DateTimeOffset now)
    {
        if (FindOfflineDue(options) <= now)
        {
            Raise(AlarmTypes.Offline, AlarmSeverities.Critical, $"The charger has been offline since {Text(Watch.OfflineSince)}.", now);
        }

        if (FindSilenceDue(options) <= now)
        {
            Raise(AlarmTypes.HeartbeatMissed, AlarmSeverities.Warning, $"The charger is connected, and has sent nothing since {Text(Watch.HeardAt)}.", now);
        }

        foreach (var open in Open)
        {
            if (FindMeterDue(open, options) <= now)
            {
                var message = $"Transaction {open.Id.ToString(CultureInfo.InvariantCulture)} has had no meter values since {Text(MeteredAt(open))}.";
                Raise(AlarmTypes.NoMeterValues, AlarmSeverities.Warning, message, now, open);
            }
        }
    }

    // Only one that has been there can be missed.
    private DateTimeOffset? FindOfflineDue(ChargerOptions options) =>
        Connection is null && Watch.OfflineSince is { } since && FindAlarm(AlarmTypes.Offline) is null ? since + ChargerOptions.Term(options.OfflineAlarm) : null;

    private DateTimeOffset? FindSilenceDue(ChargerOptions options) =>
        Connection is not null && FindAlarm(AlarmTypes.HeartbeatMissed) is null ? Watch.HeardAt + ChargerOptions.Term(options.HeartbeatAlarm) : null;

    // A charger that is away cannot send any: that is another alarm.
    private DateTimeOffset? FindMeterDue(OpenTransaction open, ChargerOptions options) =>
        Connection is not null && FindAlarm(AlarmTypes.NoMeterValues, open.Id) is null ? MeteredAt(open) + ChargerOptions.Term(options.MeterValuesAlarm) : null;

    private DateTimeOffset MeteredAt(OpenTransaction open)
    {
        var last = open.MeteredAt ?? open.ReceivedAt;
        return Connection is { } connection && connection.Since > last ? connection.Since : last;
    }

    private OpenAlarm? FindAlarm(string type, int? transactionId = null)
    {
        foreach (var alarm in Alarms)
        {
            if (alarm.Type == type && alarm.TransactionId == transactionId)
            {
                return alarm;
            }
        }

        return null;
    }

    private void Raise(string type, string severity, string message, DateTimeOffset now, OpenTransaction? transaction = null)
    {
        var alarm = new OpenAlarm
        {
            AlarmId = RandomId.New("alm_"),
            Type = type,
            Severity = severity,
            ConnectorId = transaction?.ConnectorId,
            TransactionId = transaction?.Id,
        };
        Alarms.Add(alarm);
        Emit(EventTypes.AlarmTriggered, now, EventBody.Alarm(EventTypes.AlarmTriggered, Registered().ChargeBoxId, alarm, message, now));
    }

    private void Resolve(string type, string message, DateTimeOffset now, OpenTransaction? transaction = null)
    {
        if (Alarms.Count > 0 && FindAlarm(type, transaction?.Id) is { } alarm)
        {
            Resolve(alarm, message, now);
        }
    }

    private void ResolveAlarms(string message, DateTimeOffset now)
    {
        foreach (var alarm in Alarms.ToArray())
        {
            Resolve(alarm, message, now);
        }
    }

    private void Resolve(OpenAlarm alarm, string message, DateTimeOffset now)
    {
        Alarms.Remove(alarm);
        Emit(EventTypes.AlarmResolved, now, EventBody.Alarm(EventTypes.AlarmResolved, Registered().ChargeBoxId, alarm, message, now));
    }

    private static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}

[GenerateSerializer, Immutable, Alias("capacitor.state.charger.alarm")]
internal sealed record OpenAlarm
{
    /// <summary><c>alm_…</c></summary>
    [Id(0)] public required string AlarmId { get; init; }

    /// <summary>One of <see cref="AlarmTypes"/>.</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>One of <see cref="AlarmSeverities"/>.</summary>
    [Id(2)] public required string Severity { get; init; }

    /// <summary>Null: it is about the charger as a whole.</summary>
    [Id(3)] public int? ConnectorId { get; init; }

    /// <summary>The transaction that it is about; null: none.</summary>
    [Id(4)] public int? TransactionId { get; init; }
}

internal static class AlarmTypes
{
    public const string Offline = "offline";
    public const string HeartbeatMissed = "heartbeat_missed";
    public const string NoMeterValues = "no_meter_values";
    public const string ClockWrong = "clock_wrong";
}

internal static class AlarmSeverities
{
    /// <summary>Nobody can charge.</summary>
    public const string Critical = "critical";

    /// <summary>It charges, and something wants a look.</summary>
    public const string Warning = "warning";
}
