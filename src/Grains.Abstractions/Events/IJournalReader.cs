using Capacitor.Chargers;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Transactions;

namespace Capacitor.Events;

/// <summary>What grains read from the journal. Whatever was committed before a call is seen by it.</summary>
public interface IJournalReader
{
    /// <summary>The last committed position of the tenant's partition; 0 when there is none.</summary>
    ValueTask<long> ReadHeadAsync(TenantId tenant, CancellationToken cancellation = default);

    /// <summary>The tenant's events after <paramref name="after"/>, oldest first, at most <paramref name="limit"/> (1 to 1,000); null filters match all.</summary>
    ValueTask<EventPage> ReadEventsAsync(TenantId tenant, long after, int limit, string? type = null, ChargeBoxId? charger = null, CancellationToken cancellation = default);

    /// <summary>
    /// True as soon as the tenant's partition has an event after <paramref name="after"/>, be it the tenant's or not; false when none came in time or the wait was
    /// cancelled.
    /// </summary>
    ValueTask<bool> WaitForEventsAsync(TenantId tenant, long after, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>The tenant's chargers by time of registration, newest first.</summary>
    ValueTask<Page<Charger>> ListChargersAsync(TenantId tenant, bool? online, int limit, int offset, CancellationToken cancellation = default);

    /// <summary>How many chargers the tenant has.</summary>
    ValueTask<int> CountChargersAsync(TenantId tenant, CancellationToken cancellation = default);

    /// <summary>The gateways that chargers of any tenant are online at by their rows.</summary>
    ValueTask<IReadOnlyList<string>> ListGatewaysAsync(CancellationToken cancellation = default);

    /// <summary>Chargers of any tenant that are online at a gateway by their rows, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<Charger>> ListOnlineAtAsync(string gatewayId, int limit, CancellationToken cancellation = default);

    /// <summary>The tenant's transactions by id, newest first.</summary>
    ValueTask<Page<Transaction>> ListTransactionsAsync(TenantId tenant, TransactionFilter filter, int limit, int offset, CancellationToken cancellation = default);

    /// <summary>The tenant's transaction, or null.</summary>
    ValueTask<Transaction?> FindTransactionAsync(TenantId tenant, int transactionId, CancellationToken cancellation = default);

    /// <summary>
    /// The events that tell of one transaction (<see cref="NewEvent.TransactionId"/>) after <paramref name="after"/>, oldest first, at most <paramref name="limit"/>
    /// (1 to 1,000); a null type matches all.
    /// </summary>
    ValueTask<EventPage> ReadTransactionEventsAsync(
        TenantId tenant, int transactionId, string? type, long after, int limit, CancellationToken cancellation = default);

    /// <summary>How many transactions of the tenant are open that have this tag, whatever its case.</summary>
    ValueTask<int> CountOpenTransactionsAsync(TenantId tenant, string idTag, CancellationToken cancellation = default);

    /// <summary>Chargers of any tenant that want to be looked at by now (<see cref="Charger.WatchAt"/>), those first that have waited longest, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<ChargeBoxId>> ListDueChargersAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default);

    /// <summary>The record, or null; one that has expired may still be there.</summary>
    ValueTask<RecordRow?> FindRecordAsync(RecordKey key, CancellationToken cancellation = default);

    /// <summary>The tenant's records that match, newest first, and of the same moment by id in falling order.</summary>
    ValueTask<Page<RecordRow>> ListRecordsAsync(TenantId tenant, RecordFilter filter, int limit, int offset, CancellationToken cancellation = default);
}

/// <summary>Some of a longer list.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.page`1")]
public sealed record Page<T>([property: Id(0)] IReadOnlyList<T> Items, [property: Id(1)] int Total);

/// <summary>Some of a tenant's events. <paramref name="ReadTo"/> is the position up to which everything was looked at: read on from there.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.event-page")]
public sealed record EventPage([property: Id(0)] IReadOnlyList<JournalEvent> Events, [property: Id(1)] long ReadTo);

/// <summary>Which transactions; null members match all.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.transaction-filter")]
public sealed record TransactionFilter
{
    /// <summary>Those of one charger.</summary>
    [Id(0)] public ChargeBoxId? ChargeBoxId { get; init; }

    /// <summary>True: open ones; false: ended ones.</summary>
    [Id(1)] public bool? Open { get; init; }

    /// <summary>Those of one tag, whatever its case.</summary>
    [Id(2)] public string? IdTag { get; init; }

    /// <summary>Those of one connector.</summary>
    [Id(3)] public int? ConnectorId { get; init; }

    /// <summary>Those that began at this time or later.</summary>
    [Id(4)] public DateTimeOffset? From { get; init; }

    /// <summary>Those that began before this time.</summary>
    [Id(5)] public DateTimeOffset? To { get; init; }
}
