using Capacitor.Chargers;
using Capacitor.Records;
using Capacitor.Transactions;
using Capacitor.Webhooks;

namespace Capacitor.Events;

/// <summary>A tenant's lists, read from the journal; many activations, no state. Key: <see cref="Tenants.TenantId.GrainKey"/>.</summary>
[Alias("capacitor.ITenantRecordsGrain")]
public interface ITenantRecordsGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="IJournalReader.ReadEventsAsync"/>
    [Alias("ReadEvents"), ResponseTimeout(AskAgain.Later)]
    Task<EventPage> ReadEventsAsync(long after, int limit, string? type, ChargeBoxId? charger);

    /// <inheritdoc cref="IJournalReader.ListChargersAsync"/>
    [Alias("ListChargers"), ResponseTimeout(AskAgain.Later)]
    Task<Page<Charger>> ListChargersAsync(bool? online, int limit, int offset);

    /// <inheritdoc cref="IJournalReader.ListTransactionsAsync"/>
    [Alias("ListTransactions"), ResponseTimeout(AskAgain.Later)]
    Task<Page<Transaction>> ListTransactionsAsync(TransactionFilter filter, int limit, int offset);

    /// <summary>The tenant's transaction, with its latest meter value while it is open; or null.</summary>
    [Alias("FindTransaction"), ResponseTimeout(AskAgain.Later)]
    Task<Transaction?> FindTransactionAsync(int transactionId);

    /// <summary>Reads as <see cref="ReadEventsAsync"/> does, but waits for <paramref name="patience"/> (at most 20 seconds) when there is nothing yet.</summary>
    [Alias("AwaitEvents")]
    Task<EventPage> AwaitEventsAsync(long after, int limit, TimeSpan patience);

    /// <summary>The position of the journal's end, as the tenant sees it.</summary>
    [Alias("ReadHead"), ResponseTimeout(AskAgain.Later)]
    Task<long> ReadHeadAsync();

    /// <inheritdoc cref="IDeliveryStore.ListAsync"/>
    [Alias("ListDeliveries"), ResponseTimeout(AskAgain.Later)]
    Task<DeliveryPage> ListDeliveriesAsync(string webhookId, DeliveryFilter filter, string? before, int limit);

    /// <inheritdoc cref="IDeliveryStore.FindAsync"/>
    [Alias("FindDelivery"), ResponseTimeout(AskAgain.Later)]
    Task<DeliveryRecord?> FindDeliveryAsync(string webhookId, string deliveryId);

    /// <inheritdoc cref="IJournalReader.ReadTransactionEventsAsync"/>
    [Alias("ReadTransactionEvents"), ResponseTimeout(AskAgain.Later)]
    Task<EventPage> ReadTransactionEventsAsync(int transactionId, string? type, long after, int limit);

    /// <summary>The tenant's record of this kind and id, or null; one that has expired may still be there.</summary>
    [Alias("FindRecord"), ResponseTimeout(AskAgain.Later)]
    Task<RecordRow?> FindRecordAsync(string kind, string id);

    /// <inheritdoc cref="IJournalReader.ListRecordsAsync"/>
    [Alias("ListRecords"), ResponseTimeout(AskAgain.Later)]
    Task<Page<RecordRow>> ListRecordsAsync(RecordFilter filter, int limit, int offset);
}
