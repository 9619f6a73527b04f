using System.Diagnostics;
using Capacitor.Events;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>
/// The one thread of this process that writes to the database, on a connection of its own. While a group becomes durable, others gather; all that has
/// gathered is the next group. The commits of other processes come in between; the database decides.
/// </summary>
internal sealed partial class PostgresWriter : IDisposable
{
    /// <summary>The function's word for a state that has another version.</summary>
    private const string ConflictState = "CAP01";

    /// <summary>Bounds how long other processes wait for this one's locks.</summary>
    private const int LargestGroup = 512;

    private const int MostAttempts = 10;

    private readonly NpgsqlDataSource _source;
    private readonly PartitionTail[] _tails;
    private readonly Action _written;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly WriterQueue<PendingCommit> _queue = new();
    private readonly HashSet<(string, string)> _states = [];
    private readonly Thread _thread;
    private NpgsqlConnection? _connection;
    private CommitStatement? _statement;
    private volatile bool _stopping;

    /// <param name="source">Where the connection comes from.</param>
    /// <param name="tails">Gets what was written.</param>
    /// <param name="written">Called after events were written.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="logger">Told of failures.</param>
    public PostgresWriter(NpgsqlDataSource source, PartitionTail[] tails, Action written, JournalMetrics metrics, ILogger logger)
    {
        (_source, _tails, _written, _metrics, _logger) = (source, tails, written, metrics, logger);
        _thread = new(Run) { IsBackground = true, Name = "capacitor journal writer" };
        _thread.Start();
    }

    public void Enqueue(PendingCommit work) => _queue.Enqueue(work);

    /// <summary>Writes what was enqueued so far, then stops.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }
        _stopping = true;
        _queue.Enqueue(new(new()));
        _thread.Join();
        _queue.Dispose();
        Disconnect();
    }

    private void Run()
    {
        List<PendingCommit> gathered = new(LargestGroup);
        while (!_stopping)
        {
            _queue.Take(gathered);
            WriteAll(gathered);
        }
        _queue.Close(gathered);
        WriteAll(gathered);
    }

    private void WriteAll(List<PendingCommit> gathered)
    {
        List<PendingCommit> group = new(Math.Min(gathered.Count, LargestGroup));
        while (gathered.Count > 0)
        {
            group.Clear();
            TakeGroup(gathered, group);
            WriteGroup(group);
        }
    }

    /// <summary>No state twice in a group: what the second finds depends on how the first ended.</summary>
    private void TakeGroup(List<PendingCommit> gathered, List<PendingCommit> group)
    {
        _states.Clear();
        var left = 0;
        for (var n = 0; n < gathered.Count; n++)
        {
            var pending = gathered[n];
            if (group.Count < LargestGroup && (pending.Commit.Name is null || _states.Add((pending.Commit.Name, pending.Commit.Key))))
            {
                group.Add(pending);
            }
            else
            {
                gathered[left++] = pending;
            }
        }
        gathered.RemoveRange(left, gathered.Count - left);
    }

    private void WriteGroup(List<PendingCommit> group)
    {
        var size = group.Count;
        for (var attempt = 1; group.Count > 0; attempt++)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                var events = Publish(Connect().Execute(group));
                _metrics.Committed(size, group.Count, size - group.Count, events, Stopwatch.GetElapsedTime(began));
                foreach (var pending in group)
                {
                    pending.Complete();
                }
                return;
            }
            catch (PostgresException e) when (e.SqlState == ConflictState && attempt < MostAttempts)
            {
                if (!TryAnswerConflicts(group))
                {
                    return;
                }
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < MostAttempts)
            {
                Log.Repeated(_logger, group.Count, e.SqlState);
            }
            catch (PostgresException e) when (group.Count > 1 && IsAboutData(e))
            {
                WriteOneByOne(group);
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, nobody may believe that his commit is stored.
                Fail(group, e);
                return;
            }
        }
        if (size > 0)
        {
            _metrics.Committed(size, 0, size, 0, TimeSpan.Zero);
        }
    }

    /// <summary>What one commit holds cannot be stored: the others must not suffer for it.</summary>
    private void WriteOneByOne(List<PendingCommit> group)
    {
        foreach (var pending in group.ToArray())
        {
            WriteGroup([pending]);
        }
    }

    /// <summary>True when what was to be written is to blame, and not the database.</summary>
    public static bool IsAboutData(PostgresException e) => e.SqlState.StartsWith("22", StringComparison.Ordinal)
        || e.SqlState.StartsWith("23", StringComparison.Ordinal) || e.SqlState.StartsWith("54", StringComparison.Ordinal);

    /// <summary>Takes out of the group whose state has another version, and tells them. False: the database failed, and all have been told.</summary>
    private bool TryAnswerConflicts(List<PendingCommit> group)
    {
        try
        {
            var stored = ReadVersions(group);
            var left = 0;
            for (var n = 0; n < group.Count; n++)
            {
                if (group[n].Commit.Name is not null && stored[n] != (group[n].Commit.ExpectedVersion ?? 0))
                {
                    group[n].Conflict(stored[n]);
                }
                else
                {
                    group[left++] = group[n];
                }
            }
            group.RemoveRange(left, group.Count - left);
            return true;
        }
        catch (Exception e)
        {
            Fail(group, e);
            return false;
        }
    }

    private long[] ReadVersions(List<PendingCommit> group)
    {
        using var command = _connection!.CreateCommand();
        command.CommandText =
            $"SELECT array_agg(coalesce(s.version, 0) ORDER BY w.nth) FROM unnest($1, $2) WITH ORDINALITY AS w(name, key, nth) LEFT JOIN {PostgresSchema.Name}.states s USING (name, key)";
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. group.Select(pending => pending.Commit.Name ?? "")] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. group.Select(pending => pending.Commit.Key)] });
        return (long[])command.ExecuteScalar()!;
    }

    private int Publish(List<JournalEvent>[] written)
    {
        var count = 0;
        for (var partition = 0; partition < _tails.Length; partition++)
        {
            if (written[partition].Count > 0)
            {
                count += written[partition].Count;
                _tails[partition].Publish(written[partition]);
            }
        }
        if (count > 0)
        {
            _written();
        }
        return count;
    }

    private CommitStatement Connect()
    {
        if (_statement is null)
        {
            _connection = _source.OpenConnection();
            _statement = new(_connection, _tails.Length);
        }
        return _statement;
    }

    private void Disconnect()
    {
        _statement?.Dispose();
        _statement = null;
        _connection?.Dispose();
        _connection = null;
    }

    private void Fail(List<PendingCommit> group, Exception exception)
    {
        Log.GroupFailed(_logger, group.Count, exception);
        _metrics.Failed(group.Count);
        try
        {
            Disconnect(); // the next group starts with a new one, as soon as the database is back
        }
        catch (Exception e)
        {
            Log.NotClosed(_logger, e);
        }
        foreach (var pending in group)
        {
            pending.Fail(exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5040, LogLevel.Error, "A journal transaction of {Commits} commits failed; their callers are told, and cannot know whether it became durable")]
        public static partial void GroupFailed(ILogger logger, int commits, Exception exception);

        [LoggerMessage(5041, LogLevel.Information, "A journal transaction of {Commits} commits met another ({SqlState}) and is repeated")]
        public static partial void Repeated(ILogger logger, int commits, string sqlState);

        [LoggerMessage(5042, LogLevel.Warning, "A broken connection to the database could not be closed")]
        public static partial void NotClosed(ILogger logger, Exception exception);
    }
}
