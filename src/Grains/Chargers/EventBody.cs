using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Events;
using Capacitor.Ocpp.V16;
using Capacitor.Transactions;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// Makes the bytes that webhooks receive: <c>{"event","timestamp","data"}</c>. The payloads of charger.connected and transaction.started are those
/// of the documented API, member for member; the others name their members in the same style.
/// </summary>
internal static partial class EventBody
{
    public static byte[] Connected(ChargeBoxId charger, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ChargerConnected, now, charger);
        return EventJson.End(json);
    }

    public static byte[] Disconnected(ChargeBoxId charger, DisconnectReason reason, DateTimeOffset connectedAt, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ChargerDisconnected, now, charger);
        json.WriteString("reason"u8, reason switch
        {
            DisconnectReason.TimedOut => "timeout"u8,
            DisconnectReason.ServerShutdown => "server_shutdown"u8,
            DisconnectReason.Removed => "removed"u8,
            _ => "closed"u8,
        });
        EventJson.WriteTime(json, "connectedAt"u8, connectedAt);
        return EventJson.End(json);
    }

    public static byte[] Boot(ChargeBoxId charger, BootData boot, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ChargerBoot, now, charger);
        json.WriteString("vendor"u8, boot.Vendor);
        json.WriteString("model"u8, boot.Model);
        json.WriteString("serialNumber"u8, boot.SerialNumber);
        json.WriteString("firmwareVersion"u8, boot.FirmwareVersion);
        json.WriteString("registrationStatus"u8, "Accepted"u8);
        return EventJson.End(json);
    }

    public static byte[] StatusChanged(ChargeBoxId charger, ConnectorState connector, string? previous, DateTimeOffset statusTime, DateTimeOffset now)
    {
        var json = Begin(EventTypes.ConnectorStatusChanged, now, charger);
        json.WriteNumber("connectorId"u8, connector.ConnectorId);
        json.WriteString("status"u8, connector.Status);
        json.WriteString("previousStatus"u8, previous);
        json.WriteString("errorCode"u8, connector.ErrorCode);
        json.WriteString("info"u8, connector.Info);
        json.WriteString("vendorErrorCode"u8, connector.VendorErrorCode);
        EventJson.WriteTime(json, "statusTime"u8, statusTime);
        return EventJson.End(json);
    }

    public static byte[] Started(ChargeBoxId charger, OpenTransaction transaction, DateTimeOffset now)
    {
        var json = BeginTransaction(EventTypes.TransactionStarted, now, charger, transaction.Id, transaction.ConnectorId, transaction.IdTag);
        json.WriteNumber("meterStart"u8, transaction.MeterStart);
        return EventJson.End(json);
    }

    public static byte[] Updated(ChargeBoxId charger, OpenTransaction transaction, MeterReport report, DateTimeOffset now)
    {
        var json = BeginTransaction(EventTypes.TransactionUpdated, now, charger, transaction.Id, transaction.ConnectorId, transaction.IdTag);
        WriteReadings(json, report, transaction.MeterLast, transaction.MeterStart);
        return EventJson.End(json);
    }

    /// <summary>Meter values that came after the end of their transaction say so.</summary>
    public static byte[] UpdatedLate(ChargeBoxId charger, EndedTransaction transaction, MeterReport report, DateTimeOffset now)
    {
        var json = BeginTransaction(EventTypes.TransactionUpdated, now, charger, transaction.Id, transaction.ConnectorId, transaction.IdTag);
        json.WriteBoolean("late"u8, true);
        WriteReadings(json, report, report.Reading.EnergyWh, transaction.MeterStart);
        return EventJson.End(json);
    }

    public static byte[] Stopped(Transaction transaction, DateTimeOffset now)
    {
        var json = BeginTransaction(
            EventTypes.TransactionStopped, now, transaction.ChargeBoxId, transaction.TransactionId, transaction.ConnectorId, transaction.IdTag);
        json.WriteNumber("meterStart"u8, transaction.MeterStart);
        json.WriteNumber("meterStop"u8, transaction.MeterStop ?? transaction.MeterStart);
        EventJson.WriteNumber(json, "energyDelivered"u8, transaction.EnergyDelivered);
        var stop = transaction.StopTime ?? now;
        json.WriteNumber("durationMinutes"u8, Math.Max(0, (long)(stop - transaction.StartTime).TotalMinutes));
        EventJson.WriteTime(json, "startTime"u8, transaction.StartTime);
        EventJson.WriteTime(json, "stopTime"u8, stop);
        json.WriteString("stopReason"u8, transaction.StopReason);
        return EventJson.End(json);
    }

    private static Utf8JsonWriter BeginTransaction(string type, DateTimeOffset now, ChargeBoxId charger, int transactionId, int connectorId, string idTag)
    {
        var json = EventJson.Begin(type, now);
        json.WriteNumber("transactionId"u8, transactionId);
        json.WriteString("chargeBoxId"u8, charger.Value);
        json.WriteNumber("connectorId"u8, connectorId);
        json.WriteString("idTag"u8, idTag);
        return json;
    }

    private static void WriteReadings(Utf8JsonWriter json, MeterReport report, long? meter, long meterStart)
    {
        if (meter is { } value)
        {
            json.WriteNumber("meterValue"u8, value);
        }
        else
        {
            json.WriteNull("meterValue"u8);
        }

        EventJson.WriteNumber(json, "energyDelivered"u8, meter >= meterStart ? (meter - meterStart) / 1000m : null);
        if (report.Reading.PowerW is { } power)
        {
            json.WriteNumber("powerW"u8, Plain(power));
        }

        if (report.Reading.Soc is { } soc)
        {
            json.WriteNumber("soc"u8, Plain(soc));
        }

        json.WriteStartArray("meterValues"u8);
        foreach (var group in report.Values)
        {
            json.WriteStartObject();
            if (group.Timestamp is { } timestamp)
            {
                EventJson.WriteTime(json, "timestamp"u8, timestamp);
            }

            WriteSamples(json, group);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSamples(Utf8JsonWriter json, MeterValue group)
    {
        json.WriteStartArray("sampledValues"u8);
        foreach (var sample in group.SampledValue ?? [])
        {
            json.WriteStartObject();
            json.WriteString("value"u8, sample.Value);
            WriteWord(json, "context"u8, sample.Context);
            WriteWord(json, "measurand"u8, sample.Measurand);
            WriteWord(json, "phase"u8, sample.Phase);
            WriteWord(json, "location"u8, sample.Location);
            WriteWord(json, "unit"u8, sample.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Without the zeros that units leave behind: 11040 and not 11040.00.
    private static decimal Plain(decimal number) => number / 1.000000000000000000000000000000000m;

    private static void WriteWord(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? word)
    {
        if (word is not null)
        {
            json.WriteString(name, word);
        }
    }

    private static Utf8JsonWriter Begin(string type, DateTimeOffset now, ChargeBoxId charger)
    {
        var json = EventJson.Begin(type, now);
        json.WriteString("chargeBoxId"u8, charger.Value);
        return json;
    }
}
