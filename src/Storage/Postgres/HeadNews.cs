using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>
/// How processes learn of each other's commits: each says where the heads are after it wrote, and hears what others say. What is said may be lost
/// (its sender died, the connection broke): so while somebody waits, the heads are also looked at, often as long as nothing can be heard.
/// </summary>
internal sealed partial class HeadNews : IDisposable
{
    private const string ChannelName = "capacitor_heads";

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly PostgresReads _reads;
    private readonly PartitionTail[] _tails;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _written = new(0);
    private readonly Task _loops;
    private readonly Guid _self = Guid.NewGuid();
    private int _toSay;
    private int _waiting;
    private volatile bool _listening;

    public HeadNews(NpgsqlDataSource source, PostgresReads reads, PartitionTail[] tails, TimeProvider time, ILogger logger)
    {
        (_source, _reads, _tails, _time, _logger) = (source, reads, tails, time, logger);
        _loops = Task.WhenAll(Task.Run(ListenAsync), Task.Run(SayAsync), Task.Run(LookAsync));
    }

    /// <summary>Something was written here. Many calls become one message.</summary>
    public void Written()
    {
        if (Interlocked.Exchange(ref _toSay, 1) == 0)
        {
            _written.Release();
        }
    }

    /// <summary>Waits at a tail.</summary>
    public async ValueTask<bool> WaitAsync(PartitionTail tail, long after, TimeSpan timeout, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await tail.WaitAsync(after, timeout, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loops.Wait();
        _written.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(_stop.Token);
                connection.Notification += (_, news) => Hear(news.Payload);
                await using (var listen = connection.CreateCommand())
                {
                    listen.CommandText = $"LISTEN {ChannelName}";
                    await listen.ExecuteNonQueryAsync(_stop.Token);
                }
                await LookOnceAsync(); // for what was said before
                _listening = true;
                while (true)
                {
                    await connection.WaitAsync(_stop.Token);
                }
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                Log.Deaf(_logger, e);
                _source.Clear(); // the idle connections are most likely dead too, and only their next users would find out
                await Task.Delay(Often, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            finally
            {
                _listening = false;
            }
        }
    }

    /// <summary>
    /// Not in the transactions that commit: a notification makes its transaction hold a lock of the whole database until it is durable, and all writers
    /// would stand in line. What is said need not be durable, so it does not wait for the disk.
    /// </summary>
    private async Task SayAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _written.WaitAsync(_stop.Token);
                Volatile.Write(ref _toSay, 0);
                await _reads.ExecuteAsync(
                    $"SELECT set_config('synchronous_commit', 'off', true), pg_notify('{ChannelName}', $1)", [Heads()], _stop.Token);
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                Log.Unsaid(_logger, e); // others find it by looking
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(_listening ? Seldom : Often, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Volatile.Read(ref _waiting) == 0 || _stop.IsCancellationRequested)
            {
                continue;
            }
            try
            {
                await LookOnceAsync();
            }
            catch (Exception e)
            {
                Log.Unseen(_logger, e); // the next look finds what this one missed
            }
        }
    }

    private async Task LookOnceAsync()
    {
        var heads = await _reads.ReadHeadsAsync(_stop.Token);
        for (var partition = 0; partition < _tails.Length; partition++)
        {
            _tails[partition].Advance(heads[partition]);
        }
    }

    /// <summary>Who says it, then the heads of all partitions that have any.</summary>
    private string Heads()
    {
        StringBuilder text = new(_self.ToString("N"));
        for (var partition = 0; partition < _tails.Length; partition++)
        {
            if (_tails[partition].Head is > 0 and var head)
            {
                text.Append(CultureInfo.InvariantCulture, $" {partition}:{head}");
            }
        }
        return text.ToString();
    }

    private void Hear(string said)
    {
        var words = said.Split(' ');
        if (words[0] == _self.ToString("N"))
        {
            return;
        }
        foreach (var word in words.AsSpan(1))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (int.TryParse(word.AsSpan(0, Math.Max(colon, 0)), CultureInfo.InvariantCulture, out var partition) && partition < _tails.Length
                && long.TryParse(word.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var head))
            {
                _tails[partition].Advance(head);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5043, LogLevel.Warning, "What other processes commit is not heard of; until the database is back, this one looks for itself")]
        public static partial void Deaf(ILogger logger, Exception exception);

        [LoggerMessage(5044, LogLevel.Debug, "Other processes could not be told of a commit")]
        public static partial void Unsaid(ILogger logger, Exception exception);

        [LoggerMessage(5045, LogLevel.Debug, "The heads could not be looked at")]
        public static partial void Unseen(ILogger logger, Exception exception);
    }
}
