using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Capacitor.Webhooks;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;

namespace Capacitor.Grains.Events;

/// <summary>Reads a tenant's lists on the silo that is asked. Holds nothing, so calls may interleave.</summary>
[GrainType("tenant-records"), StatelessWorker, Reentrant]
internal sealed class TenantRecordsGrain(IJournalReader journal, IDeliveryStore deliveries, IHostApplicationLifetime lifetime) : Grain, ITenantRecordsGrain
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private TenantId Tenant => TenantId.FromGrainKey(this.GetPrimaryKeyString());

    public Task<EventPage> ReadEventsAsync(long after, int limit, string? type, ChargeBoxId? charger) =>
        journal.ReadEventsAsync(Tenant, after, limit, type, charger).AsTask();

    public Task<Page<Charger>> ListChargersAsync(bool? online, int limit, int offset) =>
        journal.ListChargersAsync(Tenant, online, limit, offset).AsTask();

    public Task<Page<Transaction>> ListTransactionsAsync(TransactionFilter filter, int limit, int offset) =>
        journal.ListTransactionsAsync(Tenant, filter, limit, offset).AsTask();

    public async Task<Transaction?> FindTransactionAsync(int transactionId)
    {
        var row = await journal.FindTransactionAsync(Tenant, transactionId);
        if (row is null or { StopTime: not null })
        {
            return row;
        }

        // The row of an open transaction is not rewritten for every meter value; its charger knows the latest.
        var open = await GrainFactory.GetGrain<IChargerGrain>(row.ChargeBoxId.GrainKey).FindOpenTransactionAsync(Tenant, transactionId);
        return open ?? await journal.FindTransactionAsync(Tenant, transactionId);
    }

    public async Task<EventPage> AwaitEventsAsync(long after, int limit, TimeSpan patience)
    {
        // A silo that stops would wait for this.
        await journal.WaitForEventsAsync(Tenant, after, patience < LongestWait ? patience : LongestWait, lifetime.ApplicationStopping);
        return await journal.ReadEventsAsync(Tenant, after, limit);
    }

    public Task<long> ReadHeadAsync() => journal.ReadHeadAsync(Tenant).AsTask();

    public Task<DeliveryPage> ListDeliveriesAsync(string webhookId, DeliveryFilter filter, string? before, int limit) =>
        deliveries.ListAsync(webhookId, filter, before, limit).AsTask();

    public Task<DeliveryRecord?> FindDeliveryAsync(string webhookId, string deliveryId) => deliveries.FindAsync(webhookId, deliveryId).AsTask();

    public Task<EventPage> ReadTransactionEventsAsync(int transactionId, string? type, long after, int limit) =>
        journal.ReadTransactionEventsAsync(Tenant, transactionId, type, after, limit).AsTask();

    public Task<RecordRow?> FindRecordAsync(string kind, string id) => journal.FindRecordAsync(new RecordKey(Tenant, kind, id)).AsTask();

    public Task<Page<RecordRow>> ListRecordsAsync(RecordFilter filter, int limit, int offset) => journal.ListRecordsAsync(Tenant, filter, limit, offset).AsTask();
}
