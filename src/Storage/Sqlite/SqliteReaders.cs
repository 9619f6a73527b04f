using System.Collections.Concurrent;

namespace Capacitor.Storage.Sqlite;

/// <summary>Read-only connections, each used by one call at a time. Readers see the last durable commit and never wait for the writer.</summary>
internal sealed class SqliteReaders(string file) : IDisposable
{
    private const int MostKept = 8;

    private readonly ConcurrentStack<SqliteDatabase> _idle = new();
    private volatile bool _disposed;

    public SqliteDatabase Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteJournal));
        if (_idle.TryPop(out var known))
        {
            return known;
        }
        SqliteDatabase made = new(file, readOnly: true);
        made.Execute("PRAGMA mmap_size = 268435456; PRAGMA cache_size = -2000");
        return made;
    }

    public void Return(SqliteDatabase database)
    {
        if (_disposed || _idle.Count >= MostKept)
        {
            database.Dispose();
            return;
        }
        _idle.Push(database);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var database))
        {
            database.Dispose();
        }
    }
}
