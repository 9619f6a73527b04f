using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Capacitor.Storage.Sqlite;

/// <summary>One connection, without the command layer: on the writer's path that layer costs more than SQLite itself. Not thread-safe.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public SqliteDatabase(string file, bool readOnly)
    {
        _connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Pooling = false,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
        }.ToString());
        _connection.Open();
        Handle = _connection.Handle!;
        _ = raw.sqlite3_extended_result_codes(Handle, 1);
        _ = raw.sqlite3_busy_timeout(Handle, 5000);
    }

    public sqlite3 Handle { get; }

    /// <summary>Rows changed by the last statement that changed any.</summary>
    public int Changes => raw.sqlite3_changes(Handle);

    /// <summary>True inside a transaction.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>A statement of this connection, prepared once.</summary>
    public SqliteStatement Prepare(string sql) => _statements.TryGetValue(sql, out var known) ? known : _statements[sql] = new(Handle, sql);

    /// <summary>Runs any number of statements that answer nothing.</summary>
    public void Execute(string sql) => SqliteStatement.Check(raw.sqlite3_exec(Handle, sql), Handle);

    /// <summary>The first column of the first row; 0 without one.</summary>
    public long Scalar(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            return statement.Step() ? statement.Long(0) : 0;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Moves what it can from the write-ahead log to the file, waiting for nobody. Answers the frames in the log; -1 while another does it.</summary>
    public int Checkpoint()
    {
        var result = raw.sqlite3_wal_checkpoint_v2(Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out _);
        if ((result & 0xFF) != raw.SQLITE_BUSY)
        {
            SqliteStatement.Check(result, Handle);
        }
        return frames;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
        _connection.Dispose();
    }
}
