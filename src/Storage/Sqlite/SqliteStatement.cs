using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Capacitor.Storage.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), database);
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value), _database);
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is { } known ? Bind(index, known) : BindNull(index);

    public SqliteStatement Bind(int index, string? text)
    {
        if (text is null)
        {
            return BindNull(index);
        }
        if (text.Length == 0)
        {
            Check(raw.sqlite3_bind_text(_statement, index, utf8z.FromString("")), _database);
            return this;
        }
        Span<byte> small = stackalloc byte[384];
        var utf8 = text.Length * 3 <= small.Length ? small[..Encoding.UTF8.GetBytes(text, small)] : Encoding.UTF8.GetBytes(text);
        Check(raw.sqlite3_bind_text(_statement, index, utf8), _database);
        return this;
    }

    public SqliteStatement Bind(int index, byte[]? blob)
    {
        if (blob is null)
        {
            return BindNull(index);
        }
        // An empty span has no address, and SQLite takes that for NULL.
        Check(blob.Length == 0 ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, blob), _database);
        return this;
    }

    /// <summary>Bytes that are not empty.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> blob)
    {
        Check(raw.sqlite3_bind_blob(_statement, index, blob), _database);
        return this;
    }

    public SqliteStatement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_statement, index), _database);
        return this;
    }

    /// <summary>True when there is a row to read.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }
        if (result != raw.SQLITE_DONE)
        {
            var error = Error(result, _database);
            Reset();
            throw error;
        }
        return false;
    }

    /// <summary>Runs a statement that answers nothing.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    public static void Check(int result, sqlite3 database)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Error(result, database);
        }
    }

    private static SqliteException Error(int result, sqlite3 database) =>
        new($"SQLite error {result}: {raw.sqlite3_errmsg(database).utf8_to_string()}", result & 0xFF, result);
}
