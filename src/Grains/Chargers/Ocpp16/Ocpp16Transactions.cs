using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Transactions;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>StartTransaction and StopTransaction: always answered, whatever they hold.</summary>
internal sealed class Ocpp16Transactions(TransactionIdAllocator ids, IJournalReader journal, ChargerMetrics metrics)
{
    public async ValueTask<ChargerAnswer> StartAsync(ChargerState state, StartTransactionRequest request, DateTimeOffset now, RemoteStarts? remoteStarts)
    {
        var report = new StartReport(request.ConnectorId ?? 0, request.IdTag ?? "", request.MeterStart ?? 0, request.Timestamp);
        var transactionId = state.FindRepeatedStart(report, now);
        if (transactionId is not null)
        {
            metrics.RepeatedStart();
        }
        else
        {
            transactionId = await ids.NextAsync();
            state.Start(transactionId.Value, report, remoteStarts?.Take(report) ?? false, now);
        }

        return Ocpp16Calls.Answer(new StartTransactionResponse { TransactionId = transactionId.Value, IdTagInfo = Judge(request.IdTag) });
    }

    public async ValueTask<ChargerAnswer> StopAsync(ChargerState state, StopTransactionRequest request, DateTimeOffset now)
    {
        var energy = Ocpp16Meters.Energy(request.TransactionData);
        var report = new StopReport(
            request.TransactionId ?? -1, request.IdTag, request.MeterStop ?? energy.Last, request.Timestamp, request.Reason ?? StopReasons.Local);
        if (!state.TryStop(report, now) && !await EndedLongAgoAsync(state, report))
        {
            metrics.Orphaned();
            state.RecordOrphan(await ids.NextAsync(), report, energy.First, now);
        }

        return Ocpp16Calls.Answer(new StopTransactionResponse { IdTagInfo = request.IdTag is null ? null : Judge(request.IdTag) });
    }

    /// <summary>Any tag may charge; an empty one is no tag.</summary>
    public static IdTagInfo Judge(string? idTag) => new() { Status = string.IsNullOrWhiteSpace(idTag) ? "Invalid" : "Accepted" };

    // What the state no longer remembers, the list still knows.
    private async ValueTask<bool> EndedLongAgoAsync(ChargerState state, StopReport report)
    {
        if (report.TransactionId <= 0 || state.Registration is not { } registration)
        {
            return false;
        }

        var known = await journal.FindTransactionAsync(registration.Tenant, report.TransactionId);
        return known is not null && string.Equals(known.ChargeBoxId.Value, registration.ChargeBoxId.Value, StringComparison.OrdinalIgnoreCase);
    }
}
