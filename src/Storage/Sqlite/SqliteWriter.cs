using System.Diagnostics;
using Capacitor.Events;
using Microsoft.Extensions.Logging;

namespace Capacitor.Storage.Sqlite;

/// <summary>
/// The one thread that writes. While a transaction becomes durable, others gather; all that has gathered is the next transaction. So the price of
/// durability is paid once per group, and a lone commit waits for nobody.
/// </summary>
internal sealed partial class SqliteWriter : IDisposable
{
    /// <summary>Bounds how long the first of a group waits for the last.</summary>
    private const int LargestGroup = 1024;

    private readonly SqliteDatabase _database;
    private readonly SqliteWrites _writes;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly PartitionTail[] _tails;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly WriterQueue<WriterWork> _queue = new();
    private readonly Thread _thread;
    private volatile bool _stopping;

    public SqliteWriter(SqliteDatabase database, SqliteWrites writes, SqliteCheckpointer checkpointer, PartitionTail[] tails, JournalMetrics metrics, ILogger logger)
    {
        (_database, _writes, _checkpointer, _tails, _metrics, _logger) = (database, writes, checkpointer, tails, metrics, logger);
        _thread = new(Run) { IsBackground = true, Name = "capacitor journal writer" };
        _thread.Start();
    }

    public void Enqueue(WriterWork work) => _queue.Enqueue(work);

    /// <summary>Writes what was enqueued so far, then stops.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }
        _stopping = true;
        _queue.Enqueue(new JobWork<bool>(static _ => true));
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        List<WriterWork> gathered = new(LargestGroup);
        while (!_stopping)
        {
            _queue.Take(gathered);
            WriteAll(gathered);
        }
        _queue.Close(gathered);
        WriteAll(gathered);
    }

    private void WriteAll(List<WriterWork> gathered)
    {
        for (var start = 0; start < gathered.Count; start += LargestGroup)
        {
            WriteGroup(gathered, start, Math.Min(start + LargestGroup, gathered.Count));
        }
        gathered.Clear();
        if (gathered.Capacity > 8 * LargestGroup)
        {
            gathered.Capacity = LargestGroup;
        }
    }

    private void WriteGroup(List<WriterWork> works, int start, int end)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            _writes.Begin();
            for (var i = start; i < end; i++)
            {
                works[i].Apply(_writes);
            }
            _writes.Save();
        }
        catch (Exception e)
        {
            // Whatever it was, nobody may believe that his commit is stored.
            Fail(works, start, end, e);
            return;
        }
        var events = Publish();
        _metrics.Committed(end - start, _writes.Commits, _writes.Conflicts, events, Stopwatch.GetElapsedTime(began));
        for (var i = start; i < end; i++)
        {
            works[i].Complete();
        }
        _checkpointer.AfterGroup(_database, end - start);
    }

    private int Publish()
    {
        var count = 0;
        for (var partition = 0; partition < _tails.Length; partition++)
        {
            var events = _writes.Written[partition];
            if (events.Count > 0)
            {
                count += events.Count;
                _tails[partition].Publish(events);
                events.Clear();
            }
        }
        return count;
    }

    private void Fail(List<WriterWork> works, int start, int end, Exception exception)
    {
        Log.GroupFailed(_logger, end - start, exception);
        _metrics.Failed(end - start);
        try
        {
            _writes.RollBack();
            CatchUp();
        }
        catch (Exception e)
        {
            Log.RollBackFailed(_logger, e);
        }
        for (var i = start; i < end; i++)
        {
            works[i].Fail(exception);
        }
    }

    /// <summary>A failed commit may still have become durable (its outcome is unknown): then the readers must be shown what the file has.</summary>
    private void CatchUp()
    {
        for (var partition = 0; partition < _tails.Length; partition++)
        {
            List<JournalEvent> missed = [];
            SqliteReads.ReadPartition(_database, partition, _tails[partition].Head, int.MaxValue, missed);
            if (missed.Count > 0)
            {
                _tails[partition].Publish(missed);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "A journal transaction of {Commits} commits failed; its callers are told, nothing of it is kept")]
        public static partial void GroupFailed(ILogger logger, int commits, Exception exception);

        [LoggerMessage(5002, LogLevel.Critical, "The journal could not be rolled back after a failure; restart the process")]
        public static partial void RollBackFailed(ILogger logger, Exception exception);
    }
}
