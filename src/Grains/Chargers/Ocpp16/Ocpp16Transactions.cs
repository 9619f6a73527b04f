using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.IdTags;
using Capacitor.Grains.Transactions;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers.Ocpp16;

/// <summary>StartTransaction and StopTransaction: always answered, whatever they hold.</summary>
internal sealed class Ocpp16Transactions(TransactionIdAllocator ids, IdTagJudge tags, IJournalReader journal, Ocpp16CommandEnds ends, ChargerMetrics metrics)
{
    public async ValueTask<ChargerAnswer> StartAsync(ChargerState state, StartTransactionRequest request, DateTimeOffset now, RemoteStarts? remoteStarts)
    {
        var report = new StartReport(request.ConnectorId ?? 0, request.IdTag ?? "", request.MeterStart ?? 0, request.Timestamp);
        if (state.FindRepeatedStart(report, now) is { } known)
        {
            metrics.RepeatedStart();
            return Answer(known, await JudgeAgainAsync(state, report, known));
        }

        var transactionId = await ids.NextAsync();
        var verdict = Permit(await tags.JudgeStartAsync(state, report, transactionId), request.IdTag, remoteStarts);
        state.Start(transactionId, report, remoteStarts?.Take(report) ?? false, now);
        if (remoteStarts?.Taken is { } asked)
        {
            ends.Link(state, asked, transactionId, now);
        }

        if (state.FindReservation(request.ReservationId, report) is { } reservation)
        {
            ends.Use(state, reservation, transactionId, now);
        }

        if (verdict.Status != AuthorizationStatuses.Accepted)
        {
            state.StartRefused(report, verdict.Status, now);
        }

        return Answer(transactionId, verdict);
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

        return Ocpp16Calls.Answer(new StopTransactionResponse { IdTagInfo = request.IdTag is null ? null : await tags.JudgeAsync(state.Registered().Tenant, request.IdTag) });
    }

    /// <summary>A tag that nobody has registered may charge where a remote start named it: whoever asked for that has decided.</summary>
    public static IdTagInfo Permit(IdTagInfo verdict, string? idTag, RemoteStarts? remoteStarts) =>
        verdict.Status == AuthorizationStatuses.Invalid && !string.IsNullOrWhiteSpace(idTag) && remoteStarts?.Permits(idTag) == true
            ? verdict with { Status = AuthorizationStatuses.Accepted }
            : verdict;

    // By what is true of the tag now, but not by its other transactions: this one is among them.
    private async Task<IdTagInfo> JudgeAgainAsync(ChargerState state, StartReport report, int transactionId)
    {
        var verdict = await tags.JudgeAsync(state.Registered().Tenant, report.IdTag);
        if (verdict.Status == AuthorizationStatuses.Invalid && report.IdTag.Length > 0 && state.FindOpenRow(transactionId)?.RemoteStarted == true)
        {
            return verdict with { Status = AuthorizationStatuses.Accepted }; // as before
        }

        return verdict.Status == AuthorizationStatuses.Accepted && state.WasConcurrent(transactionId) ? verdict with { Status = AuthorizationStatuses.ConcurrentTx } : verdict;
    }

    private static ChargerAnswer Answer(int transactionId, IdTagInfo verdict) =>
        Ocpp16Calls.Answer(new StartTransactionResponse { TransactionId = transactionId, IdTagInfo = verdict });

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
