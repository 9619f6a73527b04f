using System.Globalization;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Records;
using Capacitor.Records;
using Capacitor.Reports;
using Capacitor.Tenants;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace Capacitor.Grains.Reports;

/// <summary>
/// Stores what a tenant's own systems report. One commit is under way at a time; what comes meanwhile goes with the next one, all of it together, so that no
/// report waits for more than two commits however many there are.
/// </summary>
[GrainType("tenant-reports"), Reentrant]
internal sealed class TenantReportsGrain(
    [PersistentState("reports", EventStream.Provider)] IPersistentState<ReportsState> reports, IJournalReader journal, Serializer serializer, TimeProvider time)
    : Grain, ITenantReportsGrain
{
    /// <summary>64 KiB each: what waits must not become the memory.</summary>
    private const int MostWaiting = 100;

    private Task _writing = Task.CompletedTask;
    private Task? _next;

    private TenantId Tenant => TenantId.FromGrainKey(this.GetPrimaryKeyString());

    public async Task<Payment> ReportAsync(NewPayment payment)
    {
        CheckRoom();
        if (payment.OriginalPaymentId is { } original)
        {
            payment = PaymentRules.Refund(payment, await FindAsync(original));
        }

        var now = time.GetUtcNow();
        var made = new Payment { Id = RandomId.New("pay_"), Reported = payment, CreatedAt = now };
        reports.State.Outbox.Records.Add(RecordChange.Save(new RecordRow
        {
            Key = new(Tenant, RecordKinds.Payment, made.Id),
            Parent = payment.TransactionId?.ToString(CultureInfo.InvariantCulture),
            Status = payment.Status.ToString(),
            At = now,
            Body = RecordBodies.Write(serializer, made),
        }));
        reports.State.Emit(Tenant, ReportBody.TypeOf(payment.Status), ChargeBoxId.None, now, ReportBody.Of(made));
        await CommitAsync();
        return made;
    }

    public async Task<CustomEvent> PublishAsync(NewCustomEvent item)
    {
        CheckRoom();
        var now = time.GetUtcNow();
        var id = reports.State.Emit(Tenant, item.Type, item.ChargeBoxId, now, ReportBody.Of(item, now));
        await CommitAsync();
        return new(id, now);
    }

    private async Task<Payment?> FindAsync(string id) =>
        await journal.FindRecordAsync(new(Tenant, RecordKinds.Payment, id)) is { } row ? RecordBodies.Read<Payment>(serializer, row.Body) : null;

    private void CheckRoom()
    {
        if (reports.State.Outbox.Events.Count >= MostWaiting)
        {
            throw new RefusedException(RefusalKind.Unavailable, "More is reported than can be stored at this moment. Try again, with fewer requests at a time.");
        }
    }

    private Task CommitAsync() => _next ??= CommitAfterAsync(_writing);

    private async Task CommitAfterAsync(Task before)
    {
        await Task.Yield(); // so that this is _next by the time it goes on
        await before; // after a failure nothing may follow: its events are still in the outbox, and its callers were told that it failed
        _writing = _next!;
        _next = null;
        await this.SaveAsync(reports);
    }
}
