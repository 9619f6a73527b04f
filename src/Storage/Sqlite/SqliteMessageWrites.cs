using Capacitor.Storage.Messages;

namespace Capacitor.Storage.Sqlite;

/// <summary>A file of the message log that is written to. Not thread-safe.</summary>
internal sealed class SqliteMessageWrites : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _save;

    public SqliteMessageWrites(string file)
    {
        _database = new(file, readOnly: false);
        // NORMAL: a commit waits for no disk. A crash of the machine may take the last moments, and never the file. Its log is moved every 16 MiB.
        _database.Execute(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432;
            PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;
            CREATE TABLE IF NOT EXISTS packs(charger TEXT NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, data BLOB NOT NULL);
            CREATE UNIQUE INDEX IF NOT EXISTS packs_by_charger ON packs(charger, last);
            """);
        _save = _database.Prepare("INSERT OR IGNORE INTO packs(charger, last, first, data) VALUES(?1, ?2, ?3, ?4)");
    }

    public void Begin() => _database.Execute("BEGIN IMMEDIATE");

    public void Write(in MessagePack pack) => _save.Bind(1, pack.Charger).Bind(2, pack.Last).Bind(3, pack.First).Bind(4, pack.Data.Span).Run();

    public void Commit() => _database.Execute("COMMIT");

    /// <summary>Leaves out what is not committed.</summary>
    public void Rollback()
    {
        if (_database.InTransaction)
        {
            _database.Execute("ROLLBACK");
        }
    }

    public void Dispose() => _database.Dispose();
}
