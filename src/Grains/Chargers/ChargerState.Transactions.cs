using Capacitor.Events;
using Capacitor.Transactions;

namespace Capacitor.Grains.Chargers;

/// <summary>OCPP 1.6 §4.8, §4.10, and what real chargers make of it: every message may come twice, late, or without the one before it.</summary>
internal sealed partial class ChargerState
{
    // A charger's queue is chronological: what it repeats is the last thing that was not answered.
    private const int EndedRemembered = 3;

    private const int MaxOpen = 256;

    // Without a clock, two sessions can look the same: only what came a moment ago is taken for a repeat then.
    private static readonly TimeSpan RetryWindow = TimeSpan.FromMinutes(10);

    /// <summary>The id already given to this start, if it is a repeat.</summary>
    public int? FindRepeatedStart(StartReport report, DateTimeOffset now)
    {
        foreach (var open in Open)
        {
            if (open.IsSameStart(report))
            {
                return open.Id;
            }
        }

        var believable = !ChargerClock.IsSuspect(report.Timestamp, now);
        foreach (var ended in Ended)
        {
            if (ended.IsSameStart(report) && (believable || now - ended.ReceivedAt <= RetryWindow))
            {
                return ended.Id;
            }
        }

        return null;
    }

    /// <summary>Opens a transaction; what was open on the connector is superseded.</summary>
    public void Start(int transactionId, StartReport report, bool remoteStarted, DateTimeOffset now)
    {
        foreach (var before in Open.ToArray())
        {
            if (before.ConnectorId == report.ConnectorId || Open.Count >= MaxOpen)
            {
                Close(before, Closing.ByServer("Superseded", before, now), now, superseded: true);
            }
        }

        var open = new OpenTransaction
        {
            Id = transactionId,
            ConnectorId = report.ConnectorId,
            IdTag = report.IdTag,
            MeterStart = report.MeterStart,
            StartTime = ChargerClock.Resolve(report.Timestamp, now),
            ReportedStart = report.Timestamp,
            ReceivedAt = now,
            RemoteStarted = remoteStarted,
        };
        Open.Add(open);
        Emit(EventTypes.TransactionStarted, now, EventBody.Started(Registered().ChargeBoxId, open, now), open.Id);
        Outbox.Transactions.Add(Row(open));
    }

    /// <summary>Ends the transaction that is meant. False when none is known: the caller looks further.</summary>
    public bool TryStop(StopReport report, DateTimeOffset now)
    {
        if (FindOpen(report) is { } open)
        {
            Close(open, Closing.ByCharger(report, open, now), now, superseded: false);
            return true;
        }

        if (FindEnded(report) is not { } ended)
        {
            return false;
        }

        if (ended.Superseded)
        {
            Correct(ended, report, now);
        }

        return true;
    }

    /// <summary>Records the end of a transaction that nobody saw begin.</summary>
    public void RecordOrphan(int transactionId, StopReport report, long? meterStart, DateTimeOffset now)
    {
        var stopTime = ChargerClock.Resolve(report.Timestamp, now);
        var orphan = new OpenTransaction
        {
            Id = transactionId,
            ConnectorId = 0,
            IdTag = report.IdTag ?? "",
            MeterStart = meterStart ?? report.MeterStop ?? 0,
            StartTime = stopTime,
            ReportedStart = null,
            ReceivedAt = now,
        };
        Close(orphan, Closing.ByCharger(report, orphan, now), now, superseded: false, report.TransactionId);
    }

    /// <summary>Takes meter values: of an open transaction, of one that ended, or of none.</summary>
    public void Meter(MeterReport report, DateTimeOffset now)
    {
        if (FindMetered(report) is { } open)
        {
            open.MeteredAt = now;
            if (open.Remember(report.Hash))
            {
                open.MeterLast = report.Reading.EnergyWh ?? open.MeterLast;
                Emit(EventTypes.TransactionUpdated, now, EventBody.Updated(Registered().ChargeBoxId, open, report, now), open.Id);
            }

            Resolve(AlarmTypes.NoMeterValues, "Meter values come again.", now, open);

            return;
        }

        var ended = report.TransactionId is > 0 ? Ended.Find(transaction => transaction.Id == report.TransactionId) : null;
        if (ended is not null && ended.LastSamples != report.Hash)
        {
            ended.LastSamples = report.Hash;
            Emit(EventTypes.TransactionUpdated, now, EventBody.UpdatedLate(Registered().ChargeBoxId, ended, report, now), ended.Id);
        }
    }

    public Transaction? FindOpenRow(int transactionId) =>
        Open.Find(transaction => transaction.Id == transactionId) is { } open ? Row(open) : null;

    private OpenTransaction? FindOpen(StopReport report)
    {
        if (report.TransactionId > 0)
        {
            return Open.Find(transaction => transaction.Id == report.TransactionId);
        }

        // The charger never learned the id (errata 3.18: it then says -1), and a StopTransaction names no connector:
        // the tag decides, and without one only a single open transaction can be meant.
        if (FindEnded(report) is not null)
        {
            return null;
        }

        var candidates = report.IdTag is { Length: > 0 } tag
            ? Open.FindAll(transaction => string.Equals(transaction.IdTag, tag, StringComparison.OrdinalIgnoreCase))
            : Open;
        return candidates.Count == 1 ? candidates[0] : Open.Count == 1 ? Open[0] : null;
    }

    private EndedTransaction? FindEnded(StopReport report) => Ended.Find(transaction => report.TransactionId > 0
        ? transaction.Id == report.TransactionId || (transaction.ChargerTransactionId == report.TransactionId && transaction.IsSameStop(report))
        : transaction.IsSameStop(report));

    private OpenTransaction? FindMetered(MeterReport report)
    {
        if (report.TransactionId is > 0)
        {
            return Open.Find(transaction => transaction.Id == report.TransactionId);
        }

        // Connector 0 is the main meter, or the only connector of a box that counts from zero (KEBA): with one transaction open it is that one's.
        return Open.Find(transaction => transaction.ConnectorId == report.ConnectorId)
            ?? (report.ConnectorId == 0 && Open.Count == 1 ? Open[0] : null);
    }

    private void Close(OpenTransaction open, Closing closing, DateTimeOffset now, bool superseded, int? chargerTransactionId = null)
    {
        Open.Remove(open);
        DropProfilesOf(open.Id);
        if (Ended.Count == EndedRemembered)
        {
            Ended.RemoveAt(0);
        }

        Ended.Add(new EndedTransaction
        {
            Id = open.Id,
            ConnectorId = open.ConnectorId,
            IdTag = open.IdTag,
            MeterStart = open.MeterStart,
            ReportedStart = open.ReportedStart,
            StartTime = open.StartTime,
            ReceivedAt = open.ReceivedAt,
            ReportedStop = superseded ? null : closing.Reported,
            ReportedMeterStop = superseded ? null : closing.ReportedMeterStop,
            Superseded = superseded,
            ChargerTransactionId = chargerTransactionId,
            RemoteStarted = open.RemoteStarted,
            LastSamples = open.Samples.Count == 0 ? 0 : open.Samples[^1],
            IsConcurrent = open.IsConcurrent,
        });

        var row = Row(open) with { MeterStop = closing.MeterStop, StopTime = closing.StopTime, StopReason = closing.Reason };
        Emit(EventTypes.TransactionStopped, now, EventBody.Stopped(row, now), row.TransactionId);
        Outbox.Transactions.Add(row);
        Resolve(AlarmTypes.NoMeterValues, "The transaction has ended.", now, open);
    }

    // The event is out, with what was known then; the record gets what the charger says now.
    private void Correct(EndedTransaction ended, StopReport report, DateTimeOffset now)
    {
        ended.Superseded = false;
        ended.ReportedStop = report.Timestamp;
        ended.ReportedMeterStop = report.MeterStop;
        Outbox.Transactions.Add(new Transaction
        {
            TransactionId = ended.Id,
            Tenant = Registered().Tenant,
            ChargeBoxId = Registered().ChargeBoxId,
            ConnectorId = ended.ConnectorId,
            IdTag = ended.IdTag,
            MeterStart = ended.MeterStart,
            StartTime = ended.StartTime,
            MeterStop = report.MeterStop ?? ended.MeterStart,
            StopTime = ChargerClock.Resolve(report.Timestamp, now),
            StopReason = report.Reason,
            RemoteStarted = ended.RemoteStarted,
        });
    }

    private Transaction Row(OpenTransaction open) => new()
    {
        TransactionId = open.Id,
        Tenant = Registered().Tenant,
        ChargeBoxId = Registered().ChargeBoxId,
        ConnectorId = open.ConnectorId,
        IdTag = open.IdTag,
        MeterStart = open.MeterStart,
        StartTime = open.StartTime,
        MeterLast = open.MeterLast,
        RemoteStarted = open.RemoteStarted,
    };
}

/// <summary>How and when a transaction ended. Meter in Wh.</summary>
internal readonly record struct Closing(DateTimeOffset StopTime, long MeterStop, string Reason, DateTimeOffset? Reported, long? ReportedMeterStop)
{
    public static Closing ByCharger(StopReport report, OpenTransaction open, DateTimeOffset now) => new(
        ChargerClock.Resolve(report.Timestamp, now), report.MeterStop ?? open.MeterLast ?? open.MeterStart, report.Reason, report.Timestamp, report.MeterStop);

    public static Closing ByServer(string reason, OpenTransaction open, DateTimeOffset now) =>
        new(now, open.MeterLast ?? open.MeterStart, reason, null, null);
}
