using System.Globalization;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Transactions;

namespace Capacitor.Storage.Sqlite;

/// <summary>The queries. Each takes a connection that nobody else uses meanwhile.</summary>
internal static class SqliteReads
{
    /// <summary>A filter that matches little must not make one call read a whole month.</summary>
    private const int MostRowsLookedAt = 20_000;

    private const string EventColumns = "row, id, type, tenant, charge_box_id, at, body, trace_parent, sequence, charger_sequence, transaction_id";

    private const string ChargerColumns =
        "id, charge_box_id, tenant, name, location, registered_at, is_online, vendor, model, serial_number, firmware_version, last_heartbeat, assume_protocol, gateway_id, epoch, watch_at";

    private const string TransactionColumns =
        "id, tenant, charge_box_id, connector_id, id_tag, meter_start, start_time, meter_stop, stop_time, stop_reason, meter_last, remote_started";

    private const long PositionMask = (1L << SqliteSchema.PositionBits) - 1;

    public static StoredState ReadState(SqliteDatabase database, string name, string key)
    {
        var query = database.Prepare("SELECT version, payload FROM states WHERE name = ?1 AND key = ?2").Bind(1, name).Bind(2, key);
        try
        {
            return query.Step() ? new(query.Long(0), query.IsNull(1) ? null : query.Blob(1)) : default;
        }
        finally
        {
            query.Reset();
        }
    }

    public static long ReadCheckpoint(SqliteDatabase database, int partition)
    {
        var query = database.Prepare("SELECT checkpoint FROM partitions WHERE partition = ?1").Bind(1, partition);
        try
        {
            return query.Step() ? query.Long(0) : 0;
        }
        finally
        {
            query.Reset();
        }
    }

    public static void ReadPartition(SqliteDatabase database, int partition, long after, int limit, List<JournalEvent> into)
    {
        var start = (long)partition << SqliteSchema.PositionBits;
        var query = database.Prepare($"SELECT {EventColumns} FROM events WHERE row > ?1 AND row < ?2 ORDER BY row LIMIT ?3")
            .Bind(1, start | after).Bind(2, start + (1L << SqliteSchema.PositionBits)).Bind(3, limit);
        try
        {
            while (query.Step())
            {
                into.Add(Event(query));
            }
        }
        finally
        {
            query.Reset();
        }
    }

    public static EventPage ReadEvents(SqliteDatabase database, int partition, TenantId tenant, long after, long head, int limit, string? type, ChargeBoxId? charger)
    {
        var start = (long)partition << SqliteSchema.PositionBits;
        var query = database.Prepare($"SELECT {EventColumns} FROM events WHERE tenant = ?1 AND row > ?2 AND row <= ?3 ORDER BY row")
            .Bind(1, tenant.Value).Bind(2, start | after).Bind(3, start | head);
        return ReadPage(
            query, head, limit,
            row => (type is null || row.Text(2) == type) && (charger is null || row.Text(4).Equals(charger.Value.Value, StringComparison.OrdinalIgnoreCase)));
    }

    public static EventPage ReadTransactionEvents(
        SqliteDatabase database, int partition, TenantId tenant, int transactionId, long after, long head, int limit, string? type)
    {
        var start = (long)partition << SqliteSchema.PositionBits;
        var query = database.Prepare($"SELECT {EventColumns} FROM events WHERE transaction_id = ?1 AND row > ?2 AND row <= ?3 ORDER BY row")
            .Bind(1, transactionId).Bind(2, start | after).Bind(3, start | head);
        return ReadPage(query, head, limit, row => row.Text(3) == tenant.Value && (type is null || row.Text(2) == type));
    }

    private static EventPage ReadPage(SqliteStatement query, long head, int limit, Func<SqliteStatement, bool> matches)
    {
        List<JournalEvent> found = [];
        try
        {
            for (var looked = 1; query.Step(); looked++)
            {
                if (matches(query))
                {
                    found.Add(Event(query));
                }
                if (found.Count == limit || looked == MostRowsLookedAt)
                {
                    return new(found, query.Long(0) & PositionMask);
                }
            }
            return new(found, head);
        }
        finally
        {
            query.Reset();
        }
    }

    public static Page<Charger> ListChargers(SqliteDatabase database, TenantId tenant, bool? online, int limit, int offset)
    {
        var where = online switch
        {
            null => "tenant = ?1",
            true => "tenant = ?1 AND is_online = 1",
            false => "tenant = ?1 AND is_online = 0",
        };
        return Consistently(database, () =>
        {
            var total = database.Prepare($"SELECT COUNT(*) FROM chargers WHERE {where}").Bind(1, tenant.Value);
            var rows = database.Prepare($"SELECT {ChargerColumns} FROM chargers WHERE {where} ORDER BY registered_at DESC, id DESC LIMIT ?2 OFFSET ?3")
                .Bind(1, tenant.Value).Bind(2, limit).Bind(3, offset);
            return new Page<Charger>(All(rows, Charger), (int)One(total));
        });
    }

    public static int CountChargers(SqliteDatabase database, TenantId tenant) =>
        (int)One(database.Prepare("SELECT COUNT(*) FROM chargers WHERE tenant = ?1").Bind(1, tenant.Value));

    public static List<string> ListGateways(SqliteDatabase database) =>
        All(database.Prepare("SELECT DISTINCT gateway_id FROM chargers WHERE is_online = 1 AND gateway_id IS NOT NULL"), static row => row.Text(0));

    public static List<Charger> ListOnlineAt(SqliteDatabase database, string gatewayId, int limit) =>
        All(database.Prepare($"SELECT {ChargerColumns} FROM chargers WHERE is_online = 1 AND gateway_id = ?1 LIMIT ?2").Bind(1, gatewayId).Bind(2, limit), Charger);

    public static Page<Transaction> ListTransactions(SqliteDatabase database, TenantId tenant, TransactionFilter filter, int limit, int offset)
    {
        var where = new Conditions('?').And("tenant = ?", tenant.Value)
            .And("charge_box_id = ?", filter.ChargeBoxId?.Value)
            .And("connector_id = ?", filter.ConnectorId)
            .And("id_tag = ? COLLATE NOCASE", filter.IdTag)
            .And("start_time >= ?", filter.From?.Micros())
            .And("start_time < ?", filter.To?.Micros())
            .And(filter.Open switch
            {
                null => null,
                true => "stop_time IS NULL",
                false => "stop_time IS NOT NULL",
            });
        return ReadPage(database, TransactionColumns, "transactions", where, "id DESC", limit, offset, Transaction);
    }

    public static int CountOpenTransactions(SqliteDatabase database, TenantId tenant, string idTag) =>
        (int)One(database.Prepare("SELECT COUNT(*) FROM transactions WHERE tenant = ?1 AND id_tag = ?2 COLLATE NOCASE AND stop_time IS NULL")
            .Bind(1, tenant.Value).Bind(2, idTag));

    public static List<ChargeBoxId> ListDueChargers(SqliteDatabase database, DateTimeOffset now, int limit) =>
        All(
            database.Prepare("SELECT charge_box_id FROM chargers WHERE watch_at <= ?1 ORDER BY watch_at, key LIMIT ?2").Bind(1, now.Micros()).Bind(2, limit),
            static row => new ChargeBoxId(row.Text(0)));

    /// <summary>A page and its total.</summary>
    public static Page<T> ReadPage<T>(
        SqliteDatabase database, string columns, string table, Conditions where, string order, int limit, int offset, Func<SqliteStatement, T> read) =>
        Consistently(database, () =>
        {
            var total = Bind(database.Prepare($"SELECT COUNT(*) FROM {table} WHERE {where}"), where);
            var next = where.Values.Count + 1;
            var rows = Bind(database.Prepare($"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order} LIMIT ?{next} OFFSET ?{next + 1}"), where)
                .Bind(next, limit).Bind(next + 1, offset);
            return new Page<T>(All(rows, read), (int)One(total));
        });

    private static SqliteStatement Bind(SqliteStatement query, Conditions where)
    {
        foreach (var (index, value) in where.Values.Index())
        {
            _ = value is string text ? query.Bind(index + 1, text) : query.Bind(index + 1, Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
        return query;
    }

    public static Transaction? FindTransaction(SqliteDatabase database, TenantId tenant, int id)
    {
        var found = All(database.Prepare($"SELECT {TransactionColumns} FROM transactions WHERE id = ?1 AND tenant = ?2").Bind(1, id).Bind(2, tenant.Value), Transaction);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>A page and its total belong to the same moment.</summary>
    private static T Consistently<T>(SqliteDatabase database, Func<T> read)
    {
        database.Execute("BEGIN");
        try
        {
            return read();
        }
        finally
        {
            database.Execute("COMMIT");
        }
    }

    public static long One(SqliteStatement query)
    {
        try
        {
            return query.Step() ? query.Long(0) : 0;
        }
        finally
        {
            query.Reset();
        }
    }

    public static List<T> All<T>(SqliteStatement query, Func<SqliteStatement, T> read)
    {
        List<T> found = [];
        try
        {
            while (query.Step())
            {
                found.Add(read(query));
            }
            return found;
        }
        finally
        {
            query.Reset();
        }
    }

    public static DateTimeOffset? TimeOrNull(SqliteStatement row, int column) => row.LongOrNull(column) is { } micros ? SqliteTime.FromMicros(micros) : null;

    private static JournalEvent Event(SqliteStatement row) => new()
    {
        Position = row.Long(0) & PositionMask,
        Id = row.Text(1),
        Type = StoredText.EventTypeOf(row.Text(2)),
        Tenant = new(row.Text(3)),
        ChargeBoxId = new(row.Text(4)),
        At = SqliteTime.FromMicros(row.Long(5)),
        Body = row.Blob(6),
        TraceParent = row.TextOrNull(7),
        Sequence = row.Long(8),
        ChargerSequence = row.Long(9),
        TransactionId = (int?)row.LongOrNull(10),
    };

    private static Charger Charger(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        ChargeBoxId = new(row.Text(1)),
        Tenant = new(row.Text(2)),
        Name = row.TextOrNull(3),
        Location = row.TextOrNull(4),
        RegisteredAt = SqliteTime.FromMicros(row.Long(5)),
        IsOnline = row.Long(6) != 0,
        Vendor = row.TextOrNull(7),
        Model = row.TextOrNull(8),
        SerialNumber = row.TextOrNull(9),
        FirmwareVersion = row.TextOrNull(10),
        LastHeartbeat = TimeOrNull(row, 11),
        AssumeProtocol = row.TextOrNull(12),
        GatewayId = row.TextOrNull(13),
        Epoch = row.Long(14),
        WatchAt = TimeOrNull(row, 15),
    };

    private static Transaction Transaction(SqliteStatement row) => new()
    {
        TransactionId = (int)row.Long(0),
        Tenant = new(row.Text(1)),
        ChargeBoxId = new(row.Text(2)),
        ConnectorId = (int)row.Long(3),
        IdTag = row.Text(4),
        MeterStart = row.Long(5),
        StartTime = SqliteTime.FromMicros(row.Long(6)),
        MeterStop = row.LongOrNull(7),
        StopTime = TimeOrNull(row, 8),
        StopReason = row.TextOrNull(9),
        MeterLast = row.LongOrNull(10),
        RemoteStarted = row.Long(11) != 0,
    };
}
