using Capacitor.Chargers;
using Capacitor.Transactions;

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
}
