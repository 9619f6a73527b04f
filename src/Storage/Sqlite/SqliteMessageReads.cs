using Capacitor.Storage.Messages;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Capacitor.Storage.Sqlite;

/// <summary>A charger's packs in one file, by their last position, highest first.</summary>
internal sealed class SqliteMessageReads : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _query;

    private SqliteMessageReads(SqliteDatabase database, string charger, MessageSearch search)
    {
        _database = database;
        _query = database.Prepare("SELECT last, first, data FROM packs WHERE charger = ?1 AND last >= ?2 AND last < ?3 AND first < ?4 ORDER BY last DESC")
            .Bind(1, charger).Bind(2, search.From).Bind(3, search.LastBefore).Bind(4, search.Before);
        Advance();
    }

    public bool IsOver { get; private set; }

    public long Last => _query.Long(0);

    public long First => _query.Long(1);

    public byte[] Data => _query.Blob(2);

    /// <summary>Null for a file that was deleted a moment ago, or that is just being made.</summary>
    public static SqliteMessageReads? TryOpen(string file, string charger, MessageSearch search)
    {
        if (TryOpen(file) is not { } database)
        {
            return null;
        }
        try
        {
            return new(database, charger, search);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public void Advance() => IsOver = !_query.Step();

    public void Dispose()
    {
        _query.Reset();
        _database.Dispose();
    }

    private static SqliteDatabase? TryOpen(string file)
    {
        SqliteDatabase database;
        try
        {
            database = new(file, readOnly: true);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CANTOPEN && !File.Exists(file))
        {
            return null;
        }
        if (database.Scalar("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'packs_by_charger'") > 0)
        {
            return database;
        }
        database.Dispose();
        return null;
    }
}
