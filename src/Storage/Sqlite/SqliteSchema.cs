namespace Capacitor.Storage.Sqlite;

/// <summary>The tables, and how older ones become newer ones: the file's <c>user_version</c> says how many of <see cref="Steps"/> it has had.</summary>
internal static class SqliteSchema
{
    /// <summary>Positions take this many low bits of an event's row id; the partition is above them.</summary>
    public const int PositionBits = 48;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE states(name TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, payload BLOB, PRIMARY KEY(name, key)) WITHOUT ROWID;

        CREATE TABLE events(row INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, tenant TEXT NOT NULL,
            charge_box_id TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX events_by_tenant ON events(tenant);

        CREATE TABLE partitions(partition INTEGER PRIMARY KEY, head INTEGER NOT NULL, checkpoint INTEGER NOT NULL);

        CREATE TABLE chargers(key TEXT PRIMARY KEY, id TEXT NOT NULL, charge_box_id TEXT NOT NULL, tenant TEXT NOT NULL, name TEXT, location TEXT,
            registered_at INTEGER NOT NULL, is_online INTEGER NOT NULL, vendor TEXT, model TEXT, serial_number TEXT, firmware_version TEXT,
            last_heartbeat INTEGER, assume_protocol TEXT, gateway_id TEXT, epoch INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX chargers_by_registration ON chargers(tenant, registered_at, id);
        CREATE INDEX chargers_online ON chargers(gateway_id) WHERE is_online = 1;

        CREATE TABLE transactions(id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, charge_box_id TEXT NOT NULL COLLATE NOCASE, connector_id INTEGER NOT NULL,
            id_tag TEXT NOT NULL, meter_start INTEGER NOT NULL, start_time INTEGER NOT NULL, meter_stop INTEGER, stop_time INTEGER, stop_reason TEXT,
            meter_last INTEGER, remote_started INTEGER NOT NULL);
        CREATE INDEX transactions_by_tenant ON transactions(tenant);
        CREATE INDEX transactions_by_charger ON transactions(tenant, charge_box_id);
        CREATE INDEX transactions_open ON transactions(tenant) WHERE stop_time IS NULL;
        """,
        "ALTER TABLE events ADD COLUMN trace_parent TEXT",
        // A webhook's rows lie together, in the order of its events; what is filtered by stands before the blob.
        """
        CREATE TABLE deliveries(webhook TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, status INTEGER NOT NULL, event_type TEXT NOT NULL,
            charge_box_id TEXT NOT NULL COLLATE NOCASE, event_at INTEGER NOT NULL, event_id TEXT NOT NULL, tenant TEXT NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, next_attempt_at INTEGER, expires_at INTEGER NOT NULL,
            attempt_count INTEGER NOT NULL, budget INTEGER NOT NULL, attempts BLOB, PRIMARY KEY(webhook, position, id)) WITHOUT ROWID;
        CREATE INDEX deliveries_pending ON deliveries(webhook, next_attempt_at) WHERE status = 0;
        CREATE INDEX deliveries_ended ON deliveries(expires_at) WHERE status <> 0;
        """,
        // What was written before is not counted: 0.
        """
        ALTER TABLE events ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE events ADD COLUMN charger_sequence INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE tenant_heads(tenant TEXT PRIMARY KEY, head INTEGER NOT NULL) WITHOUT ROWID;
        """,
        // Indexes hold only what they are asked for: most events tell of no transaction, most chargers wait for nothing. Each ends with the row id.
        """
        ALTER TABLE events ADD COLUMN transaction_id INTEGER;
        CREATE INDEX events_by_transaction ON events(transaction_id) WHERE transaction_id IS NOT NULL;

        ALTER TABLE chargers ADD COLUMN watch_at INTEGER;
        CREATE INDEX chargers_due ON chargers(watch_at) WHERE watch_at IS NOT NULL;

        CREATE INDEX transactions_open_by_tag ON transactions(tenant, id_tag COLLATE NOCASE) WHERE stop_time IS NULL;

        CREATE TABLE records(row INTEGER PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, charge_box_id TEXT COLLATE NOCASE,
            parent TEXT, status TEXT, at INTEGER NOT NULL, expires_at INTEGER, body BLOB NOT NULL);
        CREATE UNIQUE INDEX records_by_id ON records(tenant, kind, id);
        CREATE INDEX records_by_time ON records(tenant, kind, at, id);
        CREATE INDEX records_by_charger ON records(tenant, kind, charge_box_id, at, id) WHERE charge_box_id IS NOT NULL;
        CREATE INDEX records_by_parent ON records(tenant, kind, parent, at, id) WHERE parent IS NOT NULL;
        CREATE INDEX records_expiring ON records(expires_at) WHERE expires_at IS NOT NULL;
        """,
    ];

    /// <summary>Brings the file to the newest schema and answers its number of partitions.</summary>
    public static int Migrate(SqliteDatabase database)
    {
        var version = (int)database.Scalar("PRAGMA user_version");
        if (version > Steps.Length)
        {
            throw new DataDirectoryTooNewException(version, Steps.Length);
        }
        for (; version < Steps.Length; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            database.Execute(Steps[version]);
            if (version == 0)
            {
                for (var partition = 0; partition < Partitioning.DefaultCount; partition++)
                {
                    database.Execute($"INSERT INTO partitions VALUES({partition}, 0, 0)");
                }
            }
            database.Execute($"PRAGMA user_version = {version + 1}");
            database.Execute("COMMIT");
        }
        return (int)database.Scalar("SELECT COUNT(*) FROM partitions");
    }
}
