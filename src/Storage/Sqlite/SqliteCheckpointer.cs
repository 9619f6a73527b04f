using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Capacitor.Storage.Sqlite;

/// <summary>
/// Moves the write-ahead log into the file on a thread of its own, so that the writer does not stop for it. Under unbroken load such a pass never
/// meets the end of the log, and SQLite starts the log over only when one has; so once the log is long, the writer itself does the short rest
/// between two groups.
/// </summary>
internal sealed partial class SqliteCheckpointer : IDisposable
{
    // In frames of 4 KiB. A commit alone writes about six, many together share most of theirs.
    private const int FramesPerPass = 4000;
    private const int LongLog = 8000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly SqliteDatabase _database;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wake = new(false);
    private readonly AutoResetEvent _finished = new(false);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile bool _finish;
    private int _frames;

    public SqliteCheckpointer(string file, ILogger logger)
    {
        _database = new(file, readOnly: false);
        _ = _database.Scalar("SELECT COUNT(*) FROM partitions"); // a connection that has read nothing knows of no log
        _logger = logger;
        _thread = new(Run) { IsBackground = true, Name = "capacitor journal checkpoints" };
        _thread.Start();
    }

    /// <summary>Called by the writer between two transactions, with its own connection and how many commits and rows of the delivery log it wrote.</summary>
    public void AfterGroup(SqliteDatabase writer, int written)
    {
        if (_finish)
        {
            Pass(writer);
            _finish = false;
            _finished.Set();
        }
        _frames += 6 + (written / 2);
        if (_frames >= FramesPerPass)
        {
            _frames = 0;
            _wake.Set();
        }
    }

    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }
        _stopping = true;
        _wake.Set();
        _finished.Set();
        _thread.Join();
        _database.Dispose();
        _wake.Dispose();
        _finished.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            _wake.WaitOne(Idle);
            if (!_stopping && Pass(_database) > LongLog)
            {
                _finish = true;
                _finished.WaitOne(Idle);
                _finish = false;
            }
        }
    }

    private int Pass(SqliteDatabase database)
    {
        try
        {
            return database.Checkpoint();
        }
        catch (SqliteException e)
        {
            // Nothing is lost: the log keeps it all, and the next pass tries again.
            Log.PassFailed(_logger, e);
            return 0;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5003, LogLevel.Warning, "The write-ahead log could not be moved into the database; it will be tried again")]
        public static partial void PassFailed(ILogger logger, Exception exception);
    }
}
