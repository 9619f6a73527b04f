using Capacitor.Messages;
using Capacitor.Storage.Messages;
using Npgsql;
using NpgsqlTypes;

namespace Capacitor.Storage.Postgres;

/// <summary>The message log in the cluster's database. The schema must have been applied.</summary>
internal sealed class PostgresMessageLog(CapacitorDatabase database) : IMessageLog, IDisposable
{
    /// <summary>Rows that one statement deletes: some milliseconds.</summary>
    private const int Batch = 1000;

    private const int RowsAtOnce = 16;

    private readonly PostgresReads _database = new(database.DataSource);

    private readonly MessagePacker _packer = new();

    // One connection of the pool at most; the others are for what chargers wait for.
    private readonly SemaphoreSlim _writing = new(1);

    public async Task WriteAsync(IReadOnlyList<MessageBlock> blocks, IReadOnlyDictionary<string, int> keptDays)
    {
        await _writing.WaitAsync();
        try
        {
            var packs = await Task.Run(() => _packer.Pack(blocks, keptDays).Select(pack => pack with { Data = pack.Data.ToArray() }).ToList());
            if (packs.Count > 0)
            {
                await InsertAsync(packs);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<MessagePage> ListAsync(string charger, MessageFilter filter, long before, int limit, CancellationToken cancellation = default)
    {
        MessageSearch search = new(filter, before, limit);
        var last = search.LastBefore;
        while (true)
        {
            var packs = await _database.ReadAsync(
                $"""
                SELECT last, first, data FROM capacitor.messages WHERE charger = $1 AND last >= $2 AND last < $3 AND first < $4 ORDER BY last DESC LIMIT {RowsAtOnce}
                """,
                [PostgresText.Clean(charger), search.From, last, search.Before],
                static row => (Last: row.GetInt64(0), First: row.GetInt64(1), Data: row.GetFieldValue<byte[]>(2)), cancellation);
            foreach (var pack in packs)
            {
                if (search.Finish(pack.Last) is { } page)
                {
                    return page;
                }
                search.Add(pack.First, pack.Data);
                last = pack.Last;
            }
            if (packs.Count < RowsAtOnce)
            {
                return search.Finish();
            }
        }
    }

    public async Task<long> DeleteExpiredAsync(DateTimeOffset now, CancellationToken cancellation = default)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var all = 0L;
        while (true)
        {
            var some = await _database.ExecuteAsync(
                $"""
                DELETE FROM capacitor.messages WHERE ctid = ANY (ARRAY(SELECT ctid FROM capacitor.messages WHERE expires_on <= $1 LIMIT {Batch} FOR UPDATE SKIP LOCKED))
                """,
                [today], cancellation);
            all += some;
            if (some == 0)
            {
                return all;
            }
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task InsertAsync(IReadOnlyList<MessagePack> packs)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using NpgsqlBatch batch = new(connection, transaction)
        {
            BatchCommands =
            {
                // A commit that waits for no disk: a crash of the database may take the last moments, and never more.
                new("SET LOCAL synchronous_commit = off"),
                new(
                    """
                    INSERT INTO capacitor.messages(charger, last, first, expires_on, data)
                    SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
                    """)
                {
                    Parameters =
                    {
                        Column(NpgsqlDbType.Text, packs, pack => PostgresText.Clean(pack.Charger)),
                        Column(NpgsqlDbType.Bigint, packs, pack => pack.Last),
                        Column(NpgsqlDbType.Bigint, packs, pack => pack.First),
                        Column(NpgsqlDbType.Date, packs, pack => pack.Expires),
                        Column(NpgsqlDbType.Bytea, packs, pack => pack.Data),
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static NpgsqlParameter Column<T>(NpgsqlDbType type, IReadOnlyList<MessagePack> packs, Func<MessagePack, T> value)
    {
        var values = new T[packs.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(packs[i]);
        }
        return new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
