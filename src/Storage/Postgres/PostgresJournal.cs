using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>The cluster's journal: one database, one writer per process, and what was written last here in memory. The schema must have been applied.</summary>
internal sealed class PostgresJournal : IJournal, IDisposable
{
    private readonly PostgresReads _reads;
    private readonly PostgresRecordReads _records;
    private readonly PartitionTail[] _tails;
    private readonly PostgresWriter _writer;
    private readonly HeadNews _news;
    private bool _disposed;

    public PostgresJournal(CapacitorDatabase database, JournalMetrics metrics, TimeProvider time, ILogger<PostgresJournal> logger)
    {
        _reads = new(database.DataSource);
        _records = new(_reads);
        _tails = [.. ReadHeads(database.DataSource).Select(head => new PartitionTail(head))];
        _news = new(database.DataSource, _reads, _tails, time, logger);
        _writer = new(database.DataSource, _tails, _news.Written, metrics, logger);
    }

    public int Partitions => _tails.Length;

    public int PartitionOf(TenantId tenant) => Partitioning.PartitionOf(tenant, Partitions);

    public ValueTask<CommitResult> CommitAsync(JournalCommit commit)
    {
        PendingCommit pending = new(commit);
        _writer.Enqueue(pending);
        return pending.Result;
    }

    public async ValueTask AppendAsync(IReadOnlyList<NewEvent> events) => await CommitAsync(new() { Events = [.. events] });

    public ValueTask<StoredState> ReadStateAsync(string name, string key) => _reads.ReadStateAsync(name, key);

    public ValueTask<long> ReadHeadAsync(TenantId tenant, CancellationToken cancellation = default) => _reads.ReadHeadAsync(PartitionOf(tenant), cancellation);

    public async ValueTask<IReadOnlyList<JournalEvent>> ReadPartitionAsync(int partition, long after, int limit) =>
        // Nothing in memory does not mean that nothing was committed: others write too.
        _tails[partition].TryRead(after, limit, out var events) && events.Length > 0 ? events : await _reads.ReadPartitionAsync(partition, after, limit);

    public ValueTask<bool> WaitForAsync(int partition, long after, TimeSpan timeout, CancellationToken cancellation) =>
        _tails[partition].Head > after ? new(true) : _news.WaitAsync(_tails[partition], after, timeout, cancellation);

    public ValueTask<long> ReadCheckpointAsync(int partition) => _reads.ReadCheckpointAsync(partition);

    public async ValueTask WriteCheckpointAsync(int partition, long position) =>
        await _reads.ExecuteAsync("UPDATE capacitor.checkpoints SET position = $2 WHERE partition = $1 AND position < $2", [partition, position], default);

    public async ValueTask<int> DeleteEventsBeforeAsync(DateTimeOffset cutoff, int limit)
    {
        var deleted = 0;
        for (var partition = 0; partition < Partitions; partition++)
        {
            // Rows that another process is deleting are its own; writers only add others, and never wait for this.
            deleted += await _reads.ExecuteAsync(
                """
                DELETE FROM capacitor.events WHERE partition = $1 AND at < $2 AND position = ANY (ARRAY(
                    SELECT position FROM capacitor.events WHERE partition = $1 ORDER BY position LIMIT $3 FOR UPDATE SKIP LOCKED))
                """,
                [partition, cutoff.Stored(), limit], default);
        }
        return deleted;
    }

    public async ValueTask<EventPage> ReadEventsAsync(
        TenantId tenant, long after, int limit, string? type = null, ChargeBoxId? charger = null, CancellationToken cancellation = default)
    {
        var partition = PartitionOf(tenant);
        var head = await _reads.ReadHeadAsync(partition, cancellation);
        return head <= _tails[partition].Head && TailPages.TryRead(_tails[partition], tenant, after, limit, type, charger, null, out var page)
            ? page
            : await _reads.ReadEventsAsync(partition, tenant, after, Math.Max(head, after), limit, type, charger, cancellation);
    }

    public ValueTask<Page<Charger>> ListChargersAsync(TenantId tenant, bool? online, int limit, int offset, CancellationToken cancellation = default) =>
        _reads.ListChargersAsync(tenant, online, limit, offset, cancellation);

    public ValueTask<int> CountChargersAsync(TenantId tenant, CancellationToken cancellation = default) => _reads.CountChargersAsync(tenant, cancellation);

    public ValueTask<IReadOnlyList<string>> ListGatewaysAsync(CancellationToken cancellation = default) => _reads.ListGatewaysAsync(cancellation);

    public ValueTask<IReadOnlyList<Charger>> ListOnlineAtAsync(string gatewayId, int limit, CancellationToken cancellation = default) =>
        _reads.ListOnlineAtAsync(gatewayId, limit, cancellation);

    public ValueTask<Page<Transaction>> ListTransactionsAsync(
        TenantId tenant, TransactionFilter filter, int limit, int offset, CancellationToken cancellation = default) =>
        _reads.ListTransactionsAsync(tenant, filter, limit, offset, cancellation);

    public ValueTask<Transaction?> FindTransactionAsync(TenantId tenant, int transactionId, CancellationToken cancellation = default) =>
        _reads.FindTransactionAsync(tenant, transactionId, cancellation);

    public async ValueTask<EventPage> ReadTransactionEventsAsync(
        TenantId tenant, int transactionId, string? type, long after, int limit, CancellationToken cancellation = default)
    {
        var partition = PartitionOf(tenant);
        var head = await _reads.ReadHeadAsync(partition, cancellation);
        return head <= _tails[partition].Head && TailPages.TryRead(_tails[partition], tenant, after, limit, type, null, transactionId, out var page)
            ? page
            : await _reads.ReadTransactionEventsAsync(partition, tenant, transactionId, after, Math.Max(head, after), limit, type, cancellation);
    }

    public ValueTask<int> CountOpenTransactionsAsync(TenantId tenant, string idTag, CancellationToken cancellation = default) =>
        _reads.CountOpenTransactionsAsync(tenant, idTag, cancellation);

    public ValueTask<IReadOnlyList<ChargeBoxId>> ListDueChargersAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default) =>
        _reads.ListDueChargersAsync(now, limit, cancellation);

    public ValueTask<RecordRow?> FindRecordAsync(RecordKey key, CancellationToken cancellation = default) => _records.FindAsync(key, cancellation);

    public ValueTask<Page<RecordRow>> ListRecordsAsync(TenantId tenant, RecordFilter filter, int limit, int offset, CancellationToken cancellation = default) =>
        _records.ListAsync(tenant, filter, limit, offset, cancellation);

    public ValueTask<int> DeleteExpiredRecordsAsync(DateTimeOffset now, int limit) => _records.DeleteExpiredAsync(now, limit);

    /// <summary>Writes what was handed in, then lets go of the database.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        _writer.Dispose();
        _news.Dispose();
    }

    private static List<long> ReadHeads(NpgsqlDataSource source)
    {
        using var command = source.CreateCommand("SELECT head FROM capacitor.partitions ORDER BY partition");
        using var reader = command.ExecuteReader();
        List<long> heads = [];
        while (reader.Read())
        {
            heads.Add(reader.GetInt64(0));
        }
        return heads;
    }

    public ValueTask<bool> WaitForEventsAsync(TenantId tenant, long after, TimeSpan timeout, CancellationToken cancellation = default) =>
        WaitForAsync(PartitionOf(tenant), after, timeout, cancellation);
}
