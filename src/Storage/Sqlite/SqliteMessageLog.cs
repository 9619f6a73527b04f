using Capacitor.Messages;
using Capacitor.Storage.Messages;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Storage.Sqlite;

/// <summary>
/// The message log beside the journal, in files of its own: one for each day in UTC and number of days that it is kept. What is over is deleted as a file, which
/// costs nothing, and the journal's writer has no part in it.
/// </summary>
internal sealed partial class SqliteMessageLog(DataDirectory directory, IOptions<MessageLogDisk> disk, ILogger<SqliteMessageLog> logger) : IMessageLog, IDisposable
{
    private readonly string _folder = MakeFolder(directory);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Dictionary<SqliteMessageFile, SqliteMessageWrites> _open = [];
    private readonly MessagePacker _packer = new();
    private bool _disposed;

    public async Task WriteAsync(IReadOnlyList<MessageBlock> blocks, IReadOnlyDictionary<string, int> keptDays)
    {
        await _writing.WaitAsync();
        try
        {
            // On a thread of its own: those of the pool have chargers to serve meanwhile.
            await Task.Factory.StartNew(() => Write(blocks, keptDays), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task<MessagePage> ListAsync(string charger, MessageFilter filter, long before, int limit, CancellationToken cancellation = default) =>
        Task.Run(() => List(charger, new MessageSearch(filter, before, limit), cancellation), cancellation);

    public async Task<long> DeleteExpiredAsync(DateTimeOffset now, CancellationToken cancellation = default)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            var expired = Files().Where(file => file.Expires <= today).ToList();
            expired.ForEach(Delete);
            return expired.Count + Shrink();
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        _writing.Wait(); // for the last write
        foreach (var file in _open.Values)
        {
            file.Dispose();
        }
        _open.Clear();
        _writing.Dispose();
    }

    private void Write(IReadOnlyList<MessageBlock> blocks, IReadOnlyDictionary<string, int> keptDays)
    {
        List<SqliteMessageFile> written = [];
        try
        {
            foreach (var pack in _packer.Pack(blocks, keptDays))
            {
                SqliteMessageFile file = new(pack.Day, pack.KeptDays);
                var open = Open(file);
                if (!written.Contains(file))
                {
                    open.Begin();
                    written.Add(file);
                }
                open.Write(pack);
            }
            written.ForEach(file => _open[file].Commit());
        }
        catch
        {
            written.ForEach(file => _open[file].Rollback());
            throw;
        }
        if (written.Count > 0)
        {
            CloseBefore(written.Min(file => file.Day));
        }
    }

    private SqliteMessageWrites Open(SqliteMessageFile file)
    {
        if (!_open.TryGetValue(file, out var open))
        {
            directory.OpenPrivate(file.PathIn(_folder), FileMode.OpenOrCreate).Dispose();
            _open[file] = open = new(file.PathIn(_folder));
        }
        return open;
    }

    private void CloseBefore(DateOnly day)
    {
        foreach (var (file, open) in _open.Where(file => file.Key.Day < day).ToArray())
        {
            open.Dispose();
            _open.Remove(file);
        }
    }

    private MessagePage List(string charger, MessageSearch search, CancellationToken cancellation)
    {
        foreach (var day in Files().Where(file => file.MayHold(search.From, search.Before)).GroupBy(file => file.Day).OrderByDescending(day => day.Key))
        {
            List<SqliteMessageReads> reads = [];
            try
            {
                reads.AddRange(day.Select(file => SqliteMessageReads.TryOpen(file.PathIn(_folder), charger, search)).OfType<SqliteMessageReads>());
                while (reads.Where(read => !read.IsOver).MaxBy(read => read.Last) is { } next)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (search.Finish(next.Last) is { } page)
                    {
                        return page;
                    }
                    search.Add(next.First, next.Data);
                    next.Advance();
                }
            }
            finally
            {
                reads.ForEach(read => read.Dispose());
            }
        }
        return search.Finish();
    }

    /// <summary>A disk that is full stops the journal, too.</summary>
    private int Shrink()
    {
        var files = Files().OrderBy(file => file.Day).ThenBy(file => file.KeptDays).ToList();
        var all = files.Sum(file => file.SizeIn(_folder));
        var deleted = 0;
        foreach (var file in files.TakeWhile(_ => all > disk.Value.MaxDiskBytes))
        {
            Log.Shrunk(logger, file.Name, all, disk.Value.MaxDiskBytes);
            all -= file.SizeIn(_folder);
            Delete(file);
            deleted++;
        }
        return deleted;
    }

    private void Delete(SqliteMessageFile file)
    {
        if (_open.Remove(file, out var open))
        {
            open.Dispose();
        }
        file.DeleteIn(_folder);
    }

    private List<SqliteMessageFile> Files() => [.. Directory.EnumerateFiles(_folder).Select(SqliteMessageFile.Parse).OfType<SqliteMessageFile>()];

    private static string MakeFolder(DataDirectory directory)
    {
        var folder = Path.Combine(directory.FullPath, "messages");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        return folder;
    }

    private static partial class Log
    {
        [LoggerMessage(5062, LogLevel.Warning, "The message log has {Bytes} bytes, {Most} are allowed: {File} is deleted before its time")]
        public static partial void Shrunk(ILogger logger, string file, long bytes, long most);
    }
}
