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

    private const string EventColumns = "row, id, type, tenant, charge_box_id, at, body, trace_parent, sequence, charger_sequence";

    private const string ChargerColumns =
        "id, charge_box_id, tenant, name, location, registered_at, is_online, vendor, model, serial_number, firmware_version, last_heartbeat, assume_protocol, gateway_id, epoch";

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
        List<JournalEvent> found = [];
        try
        {
            for (var looked = 1; query.Step(); looked++)
            {
                if ((type is null || query.Text(2) == type)
                    && (charger is null || query.Text(4).Equals(charger.Value.Value, StringComparison.OrdinalIgnoreCase)))
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
        var where = "tenant = ?1" + (filter.ChargeBoxId is null ? "" : " AND charge_box_id = ?4") + filter.Open switch
        {
            null => "",
            true => " AND stop_time IS NULL",
            false => " AND stop_time IS NOT NULL",
        };
        return Consistently(database, () =>
        {
            var total = database.Prepare($"SELECT COUNT(*) FROM transactions WHERE {where}").Bind(1, tenant.Value);
            var rows = database.Prepare($"SELECT {TransactionColumns} FROM transactions WHERE {where} ORDER BY id DESC LIMIT ?2 OFFSET ?3")
                .Bind(1, tenant.Value).Bind(2, limit).Bind(3, offset);
            if (filter.ChargeBoxId is { } charger)
            {
                total.Bind(4, charger.Value);
                rows.Bind(4, charger.Value);
            }
            return new Page<Transaction>(All(rows, Transaction), (int)One(total));
        });
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
        LastHeartbeat = row.LongOrNull(11) is { } heartbeat ? SqliteTime.FromMicros(heartbeat) : null,
        AssumeProtocol = row.TextOrNull(12),
        GatewayId = row.TextOrNull(13),
        Epoch = row.Long(14),
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
        StopTime = row.LongOrNull(8) is { } stop ? SqliteTime.FromMicros(stop) : null,
        StopReason = row.TextOrNull(9),
        MeterLast = row.LongOrNull(10),
        RemoteStarted = row.Long(11) != 0,
    };
}
