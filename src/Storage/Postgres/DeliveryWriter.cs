using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>
/// What of this process writes to the delivery log, one statement after another: while one becomes durable, others gather for the next. On a connection
/// from the pool, beside the journal's writer, so that no commit waits for it.
/// </summary>
internal sealed partial class DeliveryWriter : IDisposable
{
    /// <summary>A statement takes no more calls once it has so many rows.</summary>
    private const int MostRows = 1024;

    private const int MostAttempts = 10;

    private readonly PostgresReads _database;
    private readonly ILogger _logger;
    private readonly Channel<PendingDeliveries> _queue = Channel.CreateUnbounded<PendingDeliveries>(new() { SingleReader = true });
    private readonly Task _loop;

    public DeliveryWriter(PostgresReads database, ILogger logger)
    {
        (_database, _logger) = (database, logger);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Completes when the rows are durable.</summary>
    public Task WriteAsync(PackedDelivery[] rows)
    {
        PendingDeliveries pending = new(rows);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(pending), typeof(PostgresDeliveryLog));
        return pending.Written;
    }

    /// <summary>Writes what was handed in so far, then stops.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _loop.Wait();
    }

    private async Task RunAsync()
    {
        List<PendingDeliveries> group = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            for (var rows = 0; rows < MostRows && _queue.Reader.TryRead(out var pending); rows += pending.Rows.Length)
            {
                group.Add(pending);
            }
            await WriteGroupAsync(group);
            group.Clear();
        }
    }

    private async Task WriteGroupAsync(List<PendingDeliveries> group)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync(group);
                foreach (var pending in group)
                {
                    pending.Complete();
                }
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < MostAttempts)
            {
                Log.Repeated(_logger, group.Count);
            }
            catch (PostgresException e) when (group.Count > 1 && PostgresWriter.IsAboutData(e))
            {
                foreach (var pending in group)
                {
                    await WriteGroupAsync([pending]); // what one call holds cannot be stored: the others must not suffer for it
                }
                return;
            }
            catch (Exception e)
            {
                Log.GroupFailed(_logger, group.Count, e);
                foreach (var pending in group)
                {
                    pending.Fail(e);
                }
                return;
            }
        }
    }

    private Task<int> ExecuteAsync(List<PendingDeliveries> group)
    {
        DeliveryColumns columns = new();
        foreach (var pending in group)
        {
            foreach (var row in pending.Rows)
            {
                columns.Add(row);
            }
        }
        return _database.ExecuteAsync(DeliveryColumns.Statement, columns.ToParameters(), default);
    }

    private static partial class Log
    {
        [LoggerMessage(5046, LogLevel.Error, "Rows of {Calls} callers could not be written to the delivery log; they were told")]
        public static partial void GroupFailed(ILogger logger, int calls, Exception exception);

        [LoggerMessage(5047, LogLevel.Information, "Rows of {Calls} callers for the delivery log met another process's and are written again")]
        public static partial void Repeated(ILogger logger, int calls);
    }
}
