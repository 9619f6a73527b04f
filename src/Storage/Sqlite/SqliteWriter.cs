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

    /// <summary>A transaction takes no more work for the delivery log once it has so many rows of it: a few milliseconds, for which commits wait at most.</summary>
    private const int MostRows = 256;

    private readonly SqliteDatabase _database;
    private readonly SqliteWrites _writes;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly PartitionTail[] _tails;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly WriterQueue<WriterWork> _queue = new();
    private readonly List<WriterWork> _group = new(LargestGroup);
    private readonly Queue<WriterWork> _patient = [];
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
            _queue.Take(gathered, wait: _patient.Count == 0);
            WriteAll(gathered);
        }
        _queue.Close(gathered);
        do
        {
            WriteAll(gathered);
        }
        while (_patient.Count > 0);
    }

    private void WriteAll(List<WriterWork> gathered)
    {
        var next = 0;
        do
        {
            next = FillGroup(gathered, next);
            WriteGroup(_group);
            _group.Clear();
        }
        while (next < gathered.Count);
        gathered.Clear();
        if (gathered.Capacity > 8 * LargestGroup)
        {
            gathered.Capacity = LargestGroup;
        }
    }

    /// <summary>The next commits, and behind them as many rows of the delivery log as a transaction may have. Answers what of the gathered is next.</summary>
    private int FillGroup(List<WriterWork> gathered, int next)
    {
        for (; next < gathered.Count && _group.Count < LargestGroup; next++)
        {
            if (gathered[next].Rows > 0)
            {
                _patient.Enqueue(gathered[next]);
            }
            else
            {
                _group.Add(gathered[next]);
            }
        }
        for (var rows = 0; rows < MostRows && _patient.TryDequeue(out var work); rows += work.Rows)
        {
            _group.Add(work);
        }
        return next;
    }

    private void WriteGroup(List<WriterWork> works)
    {
        if (works.Count == 0)
        {
            return;
        }
        var began = Stopwatch.GetTimestamp();
        try
        {
            _writes.Begin();
            foreach (var work in works)
            {
                work.Apply(_writes);
            }
            _writes.Save();
        }
        catch (Exception e)
        {
            // Whatever it was, nobody may believe that his commit is stored.
            Fail(works, e);
            return;
        }
        var events = Publish();
        _metrics.Committed(works.Count, _writes.Commits, _writes.Conflicts, events, Stopwatch.GetElapsedTime(began));
        var written = 0;
        foreach (var work in works)
        {
            work.Complete();
            written += Math.Max(1, work.Rows);
        }
        _checkpointer.AfterGroup(_database, written);
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

    private void Fail(List<WriterWork> works, Exception exception)
    {
        Log.GroupFailed(_logger, works.Count, exception);
        _metrics.Failed(works.Count);
        try
        {
            _writes.RollBack();
            CatchUp();
        }
        catch (Exception e)
        {
            Log.RollBackFailed(_logger, e);
        }
        foreach (var work in works)
        {
            work.Fail(exception);
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
