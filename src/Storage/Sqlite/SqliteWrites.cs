using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Transactions;

namespace Capacitor.Storage.Sqlite;

/// <summary>The statements of the writer. Positions given out are kept here until the transaction ends; only then do others see them.</summary>
internal sealed class SqliteWrites
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _updateState;
    private readonly SqliteStatement _insertState;
    private readonly SqliteStatement _stateVersion;
    private readonly SqliteStatement _insertEvent;
    private readonly SqliteStatement _saveHead;
    private readonly SqliteStatement _saveCheckpoint;
    private readonly SqliteStatement _saveCharger;
    private readonly SqliteStatement _removeCharger;
    private readonly SqliteStatement _saveTransaction;
    private readonly SqliteStatement _deleteEvents;
    private readonly SqliteTenantHeads _tenants;
    private readonly long[] _heads;

    public SqliteWrites(SqliteDatabase database, int partitions)
    {
        _database = database;
        _tenants = new(database);
        _heads = new long[partitions];
        Written = new List<JournalEvent>[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            Written[partition] = [];
        }
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
        _updateState = database.Prepare("UPDATE states SET version = version + 1, payload = ?3 WHERE name = ?1 AND key = ?2 AND version = ?4");
        _insertState = database.Prepare("INSERT INTO states(name, key, version, payload) VALUES(?1, ?2, 1, ?3) ON CONFLICT DO NOTHING");
        _stateVersion = database.Prepare("SELECT version FROM states WHERE name = ?1 AND key = ?2");
        _insertEvent = database.Prepare(
            """
            INSERT INTO events(row, id, type, tenant, charge_box_id, at, body, trace_parent, sequence, charger_sequence, transaction_id)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """);
        _saveHead = database.Prepare("UPDATE partitions SET head = ?2 WHERE partition = ?1");
        _saveCheckpoint = database.Prepare("UPDATE partitions SET checkpoint = ?2 WHERE partition = ?1 AND checkpoint < ?2");
        _saveCharger = database.Prepare(
            """
            INSERT INTO chargers(key, id, charge_box_id, tenant, name, location, registered_at, is_online, vendor, model, serial_number,
                firmware_version, last_heartbeat, assume_protocol, gateway_id, epoch, watch_at)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            ON CONFLICT(key) DO UPDATE SET id = ?2, charge_box_id = ?3, tenant = ?4, name = ?5, location = ?6, registered_at = ?7, is_online = ?8,
                vendor = ?9, model = ?10, serial_number = ?11, firmware_version = ?12, last_heartbeat = ?13, assume_protocol = ?14, gateway_id = ?15, epoch = ?16,
                watch_at = ?17
            """);
        _removeCharger = database.Prepare("DELETE FROM chargers WHERE key = ?1");
        _saveTransaction = database.Prepare(
            """
            INSERT INTO transactions(id, tenant, charge_box_id, connector_id, id_tag, meter_start, start_time, meter_stop, stop_time, stop_reason, meter_last, remote_started)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT(id) DO UPDATE SET tenant = ?2, charge_box_id = ?3, connector_id = ?4, id_tag = ?5, meter_start = ?6, start_time = ?7,
                meter_stop = ?8, stop_time = ?9, stop_reason = ?10, meter_last = ?11, remote_started = ?12
            """);
        _deleteEvents = database.Prepare(
            "DELETE FROM events WHERE row IN (SELECT row FROM events WHERE row > ?1 AND row < ?2 ORDER BY row LIMIT ?4) AND at < ?3");
        Deliveries = new(database);
        Records = new(database);
        ReadHeads();
    }

    /// <summary>The writer's connection.</summary>
    public SqliteDatabase Database => _database;

    /// <summary>What is written to the delivery log.</summary>
    public SqliteDeliveryWrites Deliveries { get; }

    /// <summary>What is written to other lists.</summary>
    public SqliteRecordWrites Records { get; }

    /// <summary>The events of the open transaction, by partition.</summary>
    public List<JournalEvent>[] Written { get; }

    /// <summary>Commits of the open transaction that found another version.</summary>
    public int Conflicts { get; private set; }

    /// <summary>Commits of the open transaction that were written.</summary>
    public int Commits { get; private set; }

    /// <summary>The heads, those of the open transaction included.</summary>
    public ReadOnlySpan<long> Heads => _heads;

    public void Begin()
    {
        _begin.Run();
        Conflicts = Commits = 0;
    }

    public void Save()
    {
        for (var partition = 0; partition < Written.Length; partition++)
        {
            if (Written[partition].Count > 0)
            {
                _saveHead.Bind(1, partition).Bind(2, _heads[partition]).Run();
            }
        }
        _tenants.Save();
        _commit.Run();
        _tenants.Keep();
    }

    public void Forget()
    {
        foreach (var events in Written)
        {
            events.Clear();
        }
    }

    /// <summary>After a failure: nothing of the transaction stays, and the heads are again what the file says.</summary>
    public void RollBack()
    {
        Forget();
        _tenants.Forget();
        if (_database.InTransaction)
        {
            _database.Execute("ROLLBACK");
        }
        ReadHeads();
    }

    public CommitResult Commit(JournalCommit commit)
    {
        var version = 0L;
        if (commit.Name is not null)
        {
            // Before anything else is written: what conflicts has nothing to take back, so the others in the transaction need no savepoint.
            version = WriteState(commit.Name, commit);
            if (version < 0)
            {
                Conflicts++;
                return new(true, VersionOf(commit.Name, commit.Key));
            }
        }
        foreach (var item in commit.Events)
        {
            Append(item);
        }
        if (commit.Charger is not null)
        {
            SaveCharger(commit.Charger);
        }
        if (commit.RemovedCharger is { } removed)
        {
            _removeCharger.Bind(1, StoredText.ChargerKey(removed)).Run();
        }
        foreach (var transaction in commit.Transactions)
        {
            SaveTransaction(transaction);
        }
        foreach (var change in commit.Records)
        {
            Records.Apply(change);
        }
        Commits++;
        return new(false, version);
    }

    public void SaveCheckpoint(int partition, long position) => _saveCheckpoint.Bind(1, partition).Bind(2, position).Run();

    public int DeleteEvents(int partition, DateTimeOffset before, int limit)
    {
        var start = (long)partition << SqliteSchema.PositionBits;
        _deleteEvents.Bind(1, start).Bind(2, start + (1L << SqliteSchema.PositionBits)).Bind(3, before.Micros()).Bind(4, limit).Run();
        return _database.Changes;
    }

    /// <summary>The new version; -1 when it is not the expected one.</summary>
    private long WriteState(string name, JournalCommit commit)
    {
        if (commit.ExpectedVersion is { } expected)
        {
            _updateState.Bind(1, name).Bind(2, commit.Key).Bind(3, commit.Payload).Bind(4, expected).Run();
            return _database.Changes == 1 ? expected + 1 : -1;
        }
        if (commit.Payload is null)
        {
            return VersionOf(name, commit.Key) == 0 ? 0 : -1;
        }
        _insertState.Bind(1, name).Bind(2, commit.Key).Bind(3, commit.Payload).Run();
        return _database.Changes == 1 ? 1 : -1;
    }

    private long VersionOf(string name, string key)
    {
        try
        {
            return _stateVersion.Bind(1, name).Bind(2, key).Step() ? _stateVersion.Long(0) : 0;
        }
        finally
        {
            _stateVersion.Reset();
        }
    }

    private void Append(NewEvent item)
    {
        var partition = Partitioning.PartitionOf(item.Tenant, _heads.Length);
        var position = _heads[partition] + 1;
        var sequence = _tenants.Next(item.Tenant);
        var micros = item.At.Micros();
        _insertEvent.Bind(1, ((long)partition << SqliteSchema.PositionBits) | position).Bind(2, item.Id).Bind(3, item.Type).Bind(4, item.Tenant.Value)
            .Bind(5, item.ChargeBoxId.Value).Bind(6, micros).Bind(7, item.Body).Bind(8, item.TraceParent)
            .Bind(9, sequence).Bind(10, item.ChargerSequence).Bind(11, item.TransactionId).Run();
        _heads[partition] = position;
        Written[partition].Add(new()
        {
            Id = item.Id,
            Type = item.Type,
            Tenant = item.Tenant,
            ChargeBoxId = item.ChargeBoxId,
            At = SqliteTime.FromMicros(micros), // as it will be read from the file
            Body = item.Body,
            TraceParent = item.TraceParent,
            ChargerSequence = item.ChargerSequence,
            TransactionId = item.TransactionId,
            Position = position,
            Sequence = sequence,
        });
    }

    private void SaveCharger(Charger row) =>
        _saveCharger.Bind(1, StoredText.ChargerKey(row.ChargeBoxId)).Bind(2, row.Id).Bind(3, row.ChargeBoxId.Value).Bind(4, row.Tenant.Value)
            .Bind(5, row.Name).Bind(6, row.Location).Bind(7, row.RegisteredAt.Micros()).Bind(8, row.IsOnline ? 1 : 0)
            .Bind(9, row.Vendor).Bind(10, row.Model).Bind(11, row.SerialNumber).Bind(12, row.FirmwareVersion)
            .Bind(13, row.LastHeartbeat?.Micros()).Bind(14, row.AssumeProtocol).Bind(15, row.GatewayId).Bind(16, row.Epoch)
            .Bind(17, row.WatchAt?.Micros()).Run();

    private void SaveTransaction(Transaction row) =>
        _saveTransaction.Bind(1, row.TransactionId).Bind(2, row.Tenant.Value).Bind(3, row.ChargeBoxId.Value).Bind(4, row.ConnectorId)
            .Bind(5, row.IdTag).Bind(6, row.MeterStart).Bind(7, row.StartTime.Micros()).Bind(8, row.MeterStop).Bind(9, row.StopTime?.Micros())
            .Bind(10, row.StopReason).Bind(11, row.MeterLast).Bind(12, row.RemoteStarted ? 1 : 0).Run();

    private void ReadHeads()
    {
        var heads = _database.Prepare("SELECT partition, head FROM partitions");
        try
        {
            while (heads.Step())
            {
                _heads[heads.Long(0)] = heads.Long(1);
            }
        }
        finally
        {
            heads.Reset();
        }
    }
}
