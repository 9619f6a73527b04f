using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Microsoft.Extensions.Logging;

namespace Capacitor.Storage.Sqlite;

/// <summary>The embedded journal: one file in the data directory, one writer thread, any number of readers.</summary>
internal sealed class SqliteJournal : IJournal, IDisposable
{
    private const string FileName = "capacitor.db";

    private readonly SqliteDatabase _database;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly PartitionTail[] _tails;
    private bool _disposed;

    public SqliteJournal(DataDirectory directory, JournalMetrics metrics, ILogger<SqliteJournal> logger)
    {
        // SQLite would make the file readable by others; its log and index take the file's permissions.
        directory.OpenPrivate(FileName, FileMode.OpenOrCreate).Dispose();
        var file = Path.Combine(directory.FullPath, FileName);
        _database = new(file, readOnly: false);
        // The log is moved by the checkpointer; 128 MiB bounds what is left of it after a burst.
        _database.Execute(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 134217728;
            PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
            """);
        Partitions = SqliteSchema.Migrate(_database);
        SqliteWrites writes = new(_database, Partitions);
        _tails = new PartitionTail[Partitions];
        for (var partition = 0; partition < Partitions; partition++)
        {
            _tails[partition] = new(writes.Heads[partition]);
        }
        _readers = new(file);
        _checkpointer = new(file, logger);
        _writer = new(_database, writes, _checkpointer, _tails, metrics, logger);
    }

    public int Partitions { get; }

    public int PartitionOf(TenantId tenant) => Partitioning.PartitionOf(tenant, Partitions);

    public ValueTask<CommitResult> CommitAsync(JournalCommit commit)
    {
        CommitWork work = new(commit);
        _writer.Enqueue(work);
        return work.Result;
    }

    public async ValueTask AppendAsync(IReadOnlyList<NewEvent> events) => await CommitAsync(new() { Events = [.. events] });

    public ValueTask<StoredState> ReadStateAsync(string name, string key) => new(Read((name, key), static (db, of) => SqliteReads.ReadState(db, of.name, of.key)));

    public ValueTask<long> ReadHeadAsync(TenantId tenant, CancellationToken cancellation = default) => new(_tails[PartitionOf(tenant)].Head);

    public ValueTask<IReadOnlyList<JournalEvent>> ReadPartitionAsync(int partition, long after, int limit) =>
        _tails[partition].TryRead(after, limit, out var events) ? new(events) : ReadPartitionFileAsync(partition, after, limit);

    public ValueTask<bool> WaitForAsync(int partition, long after, TimeSpan timeout, CancellationToken cancellation) =>
        _tails[partition].WaitAsync(after, timeout, cancellation);

    public ValueTask<long> ReadCheckpointAsync(int partition) => new(Read(partition, SqliteReads.ReadCheckpoint));

    public async ValueTask WriteCheckpointAsync(int partition, long position) =>
        await WriteAsync(writes =>
        {
            writes.SaveCheckpoint(partition, position);
            return true;
        });

    public async ValueTask<int> DeleteEventsBeforeAsync(DateTimeOffset cutoff, int limit)
    {
        var deleted = 0;
        for (var partition = 0; partition < Partitions; partition++)
        {
            var of = partition;
            deleted += await WriteAsync(writes => writes.DeleteEvents(of, cutoff, limit));
        }
        return deleted;
    }

    public ValueTask<EventPage> ReadEventsAsync(
        TenantId tenant, long after, int limit, string? type = null, ChargeBoxId? charger = null, CancellationToken cancellation = default)
    {
        var partition = PartitionOf(tenant);
        var head = Math.Max(_tails[partition].Head, after);
        return TailPages.TryRead(_tails[partition], tenant, after, limit, type, charger, null, out var page)
            ? new(page)
            : ReadAsync(db => SqliteReads.ReadEvents(db, partition, tenant, after, head, limit, type, charger), cancellation);
    }

    public ValueTask<Page<Charger>> ListChargersAsync(TenantId tenant, bool? online, int limit, int offset, CancellationToken cancellation = default) =>
        ReadAsync(db => SqliteReads.ListChargers(db, tenant, online, limit, offset), cancellation);

    public ValueTask<int> CountChargersAsync(TenantId tenant, CancellationToken cancellation = default) =>
        ReadAsync(db => SqliteReads.CountChargers(db, tenant), cancellation);

    public ValueTask<IReadOnlyList<string>> ListGatewaysAsync(CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<string>>(SqliteReads.ListGateways, cancellation);

    public ValueTask<IReadOnlyList<Charger>> ListOnlineAtAsync(string gatewayId, int limit, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<Charger>>(db => SqliteReads.ListOnlineAt(db, gatewayId, limit), cancellation);

    public ValueTask<Page<Transaction>> ListTransactionsAsync(
        TenantId tenant, TransactionFilter filter, int limit, int offset, CancellationToken cancellation = default) =>
        ReadAsync(db => SqliteReads.ListTransactions(db, tenant, filter, limit, offset), cancellation);

    public ValueTask<Transaction?> FindTransactionAsync(TenantId tenant, int transactionId, CancellationToken cancellation = default) =>
        new(Read((tenant, transactionId), static (db, of) => SqliteReads.FindTransaction(db, of.tenant, of.transactionId)));

    public ValueTask<EventPage> ReadTransactionEventsAsync(
        TenantId tenant, int transactionId, string? type, long after, int limit, CancellationToken cancellation = default)
    {
        var partition = PartitionOf(tenant);
        var head = Math.Max(_tails[partition].Head, after);
        return TailPages.TryRead(_tails[partition], tenant, after, limit, type, null, transactionId, out var page)
            ? new(page)
            : ReadAsync(db => SqliteReads.ReadTransactionEvents(db, partition, tenant, transactionId, after, head, limit, type), cancellation);
    }

    public ValueTask<int> CountOpenTransactionsAsync(TenantId tenant, string idTag, CancellationToken cancellation = default) =>
        new(Read((tenant, idTag), static (db, of) => SqliteReads.CountOpenTransactions(db, of.tenant, of.idTag)));

    public ValueTask<IReadOnlyList<ChargeBoxId>> ListDueChargersAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<ChargeBoxId>>(db => SqliteReads.ListDueChargers(db, now, limit), cancellation);

    public ValueTask<RecordRow?> FindRecordAsync(RecordKey key, CancellationToken cancellation = default) => new(Read(key, SqliteRecordReads.Find));

    public ValueTask<Page<RecordRow>> ListRecordsAsync(TenantId tenant, RecordFilter filter, int limit, int offset, CancellationToken cancellation = default) =>
        ReadAsync(db => SqliteRecordReads.List(db, tenant, filter, limit, offset), cancellation);

    public async ValueTask<int> DeleteExpiredRecordsAsync(DateTimeOffset now, int limit) => await WriteAsync(writes => writes.Records.DeleteExpired(now, limit), limit);

    /// <summary>
    /// Work on the writer's thread, in a transaction with others. <paramref name="rows"/>: how many rows of the delivery log or of old records it writes at most; such work
    /// goes after commits, a bounded number of rows in a transaction.
    /// </summary>
    internal Task<T> WriteAsync<T>(Func<SqliteWrites, T> job, int rows = 0)
    {
        JobWork<T> work = new(job, rows);
        _writer.Enqueue(work);
        return work.Result;
    }

    /// <summary>Writes what was handed in, then closes the file.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        _writer.Dispose();
        _checkpointer.Dispose();
        _readers.Dispose();
        _database.Dispose();
    }

    private async ValueTask<IReadOnlyList<JournalEvent>> ReadPartitionFileAsync(int partition, long after, int limit) =>
        await ReadAsync<IReadOnlyList<JournalEvent>>(db =>
        {
            List<JournalEvent> events = [];
            SqliteReads.ReadPartition(db, partition, after, limit, events);
            return events;
        }, CancellationToken.None);

    /// <summary>For reads of a row or two: quicker than handing them to another thread.</summary>
    internal T Read<TOf, T>(TOf of, Func<SqliteDatabase, TOf, T> read)
    {
        var database = _readers.Rent();
        try
        {
            return read(database, of);
        }
        finally
        {
            _readers.Return(database);
        }
    }

    /// <summary>For reads that may be long: a grain's turn must not wait for the disk.</summary>
    internal ValueTask<T> ReadAsync<T>(Func<SqliteDatabase, T> read, CancellationToken cancellation) =>
        new(Task.Run(() => Read(read, static (db, query) => query(db)), cancellation));

    public ValueTask<bool> WaitForEventsAsync(TenantId tenant, long after, TimeSpan timeout, CancellationToken cancellation = default) =>
        WaitForAsync(PartitionOf(tenant), after, timeout, cancellation);
}
