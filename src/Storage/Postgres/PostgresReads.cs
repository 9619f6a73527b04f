using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>The queries. Each is one round trip and changes nothing, so that one that met a broken connection is asked again.</summary>
internal sealed class PostgresReads(NpgsqlDataSource source)
{
    /// <summary>A filter that matches little must not make one call read a whole month.</summary>
    private const int MostRowsLookedAt = 20_000;

    private const string EventColumns = "position, id, type, tenant, charge_box_id, at, body, trace_parent, sequence, charger_sequence, transaction_id";

    private const string ChargerColumns =
        "id, charge_box_id, tenant, name, location, registered_at, is_online, vendor, model, serial_number, firmware_version, last_heartbeat, assume_protocol, gateway_id, epoch, watch_at";

    private const string TransactionColumns =
        "id, tenant, charge_box_id, connector_id, id_tag, meter_start, start_time, meter_stop, stop_time, stop_reason, meter_last, remote_started";

    /// <summary>As the indexes have it.</summary>
    private const string TagKey = "upper(id_tag COLLATE \"C\")";

    public async ValueTask<StoredState> ReadStateAsync(string name, string key)
    {
        var found = await ReadAsync(
            "SELECT version, payload FROM capacitor.states WHERE name = $1 AND key = $2", [name, key],
            row => new StoredState(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)), default);
        return found.Count == 0 ? default : found[0];
    }

    /// <summary>The heads of all partitions, from 0.</summary>
    public async ValueTask<List<long>> ReadHeadsAsync(CancellationToken cancellation) =>
        await ReadAsync("SELECT head FROM capacitor.partitions ORDER BY partition", [], row => row.GetInt64(0), cancellation);

    public async ValueTask<long> ReadHeadAsync(int partition, CancellationToken cancellation) =>
        (await ReadAsync("SELECT head FROM capacitor.partitions WHERE partition = $1", [partition], row => row.GetInt64(0), cancellation))[0];

    public async ValueTask<long> ReadCheckpointAsync(int partition) =>
        (await ReadAsync("SELECT position FROM capacitor.checkpoints WHERE partition = $1", [partition], row => row.GetInt64(0), default))[0];

    public async ValueTask<List<JournalEvent>> ReadPartitionAsync(int partition, long after, int limit) =>
        await ReadAsync(
            $"SELECT {EventColumns} FROM capacitor.events WHERE partition = $1 AND position > $2 ORDER BY position LIMIT $3",
            [partition, after, limit], Event, default);

    public async ValueTask<EventPage> ReadEventsAsync(
        int partition, TenantId tenant, long after, long head, int limit, string? type, ChargeBoxId? charger, CancellationToken cancellation)
    {
        var filter = type is not null || charger is not null;
        var end = filter ? await ReadEndOfLookAsync("tenant = $1", tenant.Value, after, head, cancellation) : head;
        var found = await ReadAsync(
            $"""
            SELECT {EventColumns} FROM capacitor.events WHERE partition = $1 AND tenant = $2 AND position > $3 AND position <= $4
            {(type is null ? "" : "AND type = $6")} {(charger is null ? "" : $"AND upper(charge_box_id) = ${(type is null ? 6 : 7)}")} ORDER BY position LIMIT $5
            """,
            [partition, tenant.Value, after, end, limit, .. type is null ? [] : new object[] { type }, .. charger is { } one ? new object[] { StoredText.ChargerKey(one) } : []],
            Event, cancellation);
        return new(found, found.Count == limit ? found[^1].Position : end);
    }

    public async ValueTask<EventPage> ReadTransactionEventsAsync(
        int partition, TenantId tenant, int transactionId, long after, long head, int limit, string? type, CancellationToken cancellation)
    {
        var end = type is null ? head : await ReadEndOfLookAsync("transaction_id = $1", transactionId, after, head, cancellation);
        var found = await ReadAsync(
            $"""
            SELECT {EventColumns} FROM capacitor.events WHERE transaction_id = $1 AND position > $2 AND position <= $3 AND partition = $4 AND tenant = $5
            {(type is null ? "" : "AND type = $7")} ORDER BY position LIMIT $6
            """,
            [transactionId, after, end, partition, tenant.Value, limit, .. type is null ? [] : new object[] { type }],
            Event, cancellation);
        return new(found, found.Count == limit ? found[^1].Position : end);
    }

    /// <summary>Where a filter stops looking: only the index is read.</summary>
    private async ValueTask<long> ReadEndOfLookAsync(string which, object key, long after, long head, CancellationToken cancellation)
    {
        var end = await ReadAsync(
            $"SELECT position FROM capacitor.events WHERE {which} AND position > $2 AND position <= $3 ORDER BY position OFFSET $4 LIMIT 1",
            [key, after, head, MostRowsLookedAt - 1], row => row.GetInt64(0), cancellation);
        return end.Count == 0 ? head : end[0];
    }

    public ValueTask<Page<Charger>> ListChargersAsync(TenantId tenant, bool? online, int limit, int offset, CancellationToken cancellation) =>
        ReadPageAsync(
            ChargerColumns, "capacitor.chargers", new Conditions('$').And("tenant = ?", tenant.Value).And("is_online = ?", online), "registered_at DESC, id DESC",
            limit, offset, Charger, cancellation);

    public async ValueTask<int> CountChargersAsync(TenantId tenant, CancellationToken cancellation) =>
        (int)(await ReadAsync("SELECT count(*) FROM capacitor.chargers WHERE tenant = $1", [tenant.Value], row => row.GetInt64(0), cancellation))[0];

    public async ValueTask<IReadOnlyList<string>> ListGatewaysAsync(CancellationToken cancellation) =>
        // From one gateway to the next, so that a few are found among a million chargers without looking at each.
        await ReadAsync(
            """
            WITH RECURSIVE found AS (
                SELECT min(gateway_id) AS id FROM capacitor.chargers WHERE is_online
                UNION ALL
                SELECT (SELECT min(gateway_id) FROM capacitor.chargers WHERE is_online AND gateway_id > found.id) FROM found WHERE found.id IS NOT NULL)
            SELECT id FROM found WHERE id IS NOT NULL
            """,
            [], row => row.GetString(0), cancellation);

    public async ValueTask<IReadOnlyList<Charger>> ListOnlineAtAsync(string gatewayId, int limit, CancellationToken cancellation) =>
        await ReadAsync($"SELECT {ChargerColumns} FROM capacitor.chargers WHERE is_online AND gateway_id = $1 LIMIT $2", [gatewayId, limit], Charger, cancellation);

    public ValueTask<Page<Transaction>> ListTransactionsAsync(TenantId tenant, TransactionFilter filter, int limit, int offset, CancellationToken cancellation)
    {
        var where = new Conditions('$').And("tenant = ?", tenant.Value)
            .And("charger_key = ?", filter.ChargeBoxId is { } charger ? StoredText.ChargerKey(charger) : null)
            .And("connector_id = ?", filter.ConnectorId)
            .And($"{TagKey} = upper(? COLLATE \"C\")", PostgresText.Clean(filter.IdTag))
            .And("start_time >= ?", filter.From?.Stored())
            .And("start_time < ?", filter.To?.Stored())
            .And(filter.Open switch
            {
                null => null,
                true => "stop_time IS NULL",
                false => "stop_time IS NOT NULL",
            });
        return ReadPageAsync(TransactionColumns, "capacitor.transactions", where, "id DESC", limit, offset, Transaction, cancellation);
    }

    public async ValueTask<int> CountOpenTransactionsAsync(TenantId tenant, string idTag, CancellationToken cancellation) =>
        (int)(await ReadAsync(
            $"SELECT count(*) FROM capacitor.transactions WHERE tenant = $1 AND {TagKey} = upper($2 COLLATE \"C\") AND stop_time IS NULL",
            [tenant.Value, PostgresText.Clean(idTag)], row => row.GetInt64(0), cancellation))[0];

    public async ValueTask<IReadOnlyList<ChargeBoxId>> ListDueChargersAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        await ReadAsync(
            "SELECT charge_box_id FROM capacitor.chargers WHERE watch_at <= $1 ORDER BY watch_at, key LIMIT $2",
            [now.Stored(), limit], row => new ChargeBoxId(row.GetString(0)), cancellation);

    public async ValueTask<Transaction?> FindTransactionAsync(TenantId tenant, int id, CancellationToken cancellation)
    {
        var found = await ReadAsync(
            $"SELECT {TransactionColumns} FROM capacitor.transactions WHERE id = $1 AND tenant = $2", [id, tenant.Value], Transaction, cancellation);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Runs a statement that may be run twice.</summary>
    public async Task<int> ExecuteAsync(string sql, object?[] parameters, CancellationToken cancellation)
    {
        try
        {
            await using var command = Command(sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (NpgsqlException e) when (IsBroken(e))
        {
            source.Clear();
            await using var command = Command(sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>A page and its total belong to the same moment: one statement, one snapshot.</summary>
    public async ValueTask<Page<T>> ReadPageAsync<T>(
        string columns, string table, Conditions where, string order, int limit, int offset, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var total = 0L;
        var from = $"{table} WHERE {where}";
        var first = where.Values.Count + 1;
        var marker = columns.Split(',').Length;
        var rows = await ReadAsync<(bool IsRow, T Item)>(
            $"""
            SELECT page.*, total.n FROM (SELECT count(*) AS n FROM {from}) total
            LEFT JOIN (SELECT {columns}, row_number() OVER (ORDER BY {order}) AS nth FROM {from} ORDER BY {order} LIMIT ${first} OFFSET ${first + 1}) page ON true
            ORDER BY page.nth
            """,
            [.. where.Values, limit, offset],
            row =>
            {
                total = row.GetInt64(marker + 1);
                return row.IsDBNull(marker) ? default : (true, read(row));
            },
            cancellation);
        return new([.. rows.Where(row => row.IsRow).Select(row => row.Item)], (int)total);
    }

    public async ValueTask<List<T>> ReadAsync<T>(string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        try
        {
            return await ReadOnceAsync(sql, parameters, read, cancellation);
        }
        catch (NpgsqlException e) when (IsBroken(e))
        {
            // After a restart of the database every idle connection is dead, and only its next use tells.
            source.Clear();
            return await ReadOnceAsync(sql, parameters, read, cancellation);
        }
    }

    private async Task<List<T>> ReadOnceAsync<T>(string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<T> found = [];
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(read(reader));
        }
        return found;
    }

    private static bool IsBroken(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
        || (e is not PostgresException && e.InnerException is not TimeoutException);

    private NpgsqlCommand Command(string sql, object?[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(value switch
            {
                null => new NpgsqlParameter { Value = DBNull.Value },
                NpgsqlParameter given => given.Clone(), // one can be of one command only
                string text => new NpgsqlParameter<string> { TypedValue = text },
                int number => new NpgsqlParameter<int> { TypedValue = number },
                long number => new NpgsqlParameter<long> { TypedValue = number },
                _ => new NpgsqlParameter { Value = value },
            });
        }
        return command;
    }

    private static JournalEvent Event(NpgsqlDataReader row) => new()
    {
        Position = row.GetInt64(0),
        Id = row.GetString(1),
        Type = StoredText.EventTypeOf(row.GetString(2)),
        Tenant = new(row.GetString(3)),
        ChargeBoxId = new(row.GetString(4)),
        At = Time(row, 5),
        Body = row.GetFieldValue<byte[]>(6),
        TraceParent = TextOrNull(row, 7),
        Sequence = row.GetInt64(8),
        ChargerSequence = row.GetInt64(9),
        TransactionId = row.IsDBNull(10) ? null : row.GetInt32(10),
    };

    private static Charger Charger(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        ChargeBoxId = new(row.GetString(1)),
        Tenant = new(row.GetString(2)),
        Name = TextOrNull(row, 3),
        Location = TextOrNull(row, 4),
        RegisteredAt = Time(row, 5),
        IsOnline = row.GetBoolean(6),
        Vendor = TextOrNull(row, 7),
        Model = TextOrNull(row, 8),
        SerialNumber = TextOrNull(row, 9),
        FirmwareVersion = TextOrNull(row, 10),
        LastHeartbeat = TimeOrNull(row, 11),
        AssumeProtocol = TextOrNull(row, 12),
        GatewayId = TextOrNull(row, 13),
        Epoch = row.GetInt64(14),
        WatchAt = TimeOrNull(row, 15),
    };

    private static Transaction Transaction(NpgsqlDataReader row) => new()
    {
        TransactionId = row.GetInt32(0),
        Tenant = new(row.GetString(1)),
        ChargeBoxId = new(row.GetString(2)),
        ConnectorId = row.GetInt32(3),
        IdTag = row.GetString(4),
        MeterStart = row.GetInt64(5),
        StartTime = Time(row, 6),
        MeterStop = LongOrNull(row, 7),
        StopTime = TimeOrNull(row, 8),
        StopReason = TextOrNull(row, 9),
        MeterLast = LongOrNull(row, 10),
        RemoteStarted = row.GetBoolean(11),
    };

    public static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? LongOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static DateTimeOffset Time(NpgsqlDataReader row, int column) => PostgresTime.FromStored(row.GetDateTime(column));

    public static DateTimeOffset? TimeOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Time(row, column);
}
