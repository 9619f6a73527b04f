using System.Buffers.Binary;
using Capacitor.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Capacitor.Storage;

/// <summary>
/// Finds out whether the journal can be written by writing to it: one row per silo address, over and over, the way every commit goes. A full disk, a
/// database that is gone, read-only or hangs shows within <see cref="Period"/> and <see cref="Patience"/>.
/// </summary>
internal sealed partial class JournalProbe(IJournal journal, ILocalSiloDetails silo, TimeProvider time, ILogger<JournalProbe> logger)
    : BackgroundService, IJournalHealth, IJournalOutlook
{
    private const string Name = "capacitor.probe"; // stored identity: never changed

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _key = silo.SiloAddress.Endpoint.ToString(); // without the generation: restarts must not leave rows behind
    private readonly byte[] _payload = new byte[sizeof(long)];
    private Task? _underWay;
    private long? _version;
    private volatile Finding? _finding;

    public bool? IsWritable => _finding?.IsWritable;

    public TimeSpan WritableFor => _finding is { IsWritable: true } finding ? time.GetElapsedTime(finding.Since) : TimeSpan.Zero;

    public TimeSpan UnwritableFor => _finding is { IsWritable: false } finding ? time.GetElapsedTime(finding.Since) : TimeSpan.Zero;

    bool IJournalOutlook.IsWritable => IsWritable != false;

    /// <summary>Ends after the first trial, so that who is started knows.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(stoppingToken);
        }
    }

    private async Task TryAsync(CancellationToken stopping)
    {
        var write = _underWay ??= WriteAsync(); // one that hangs is waited for: more would only pile up behind it
        try
        {
            await write.WaitAsync(Patience, time, stopping);
            _underWay = null;
            Found(writable: true, null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            if (write.IsCompleted)
            {
                _underWay = null;
            }

            Found(writable: false, failure);
        }
    }

    private async Task WriteAsync()
    {
        BinaryPrimitives.WriteInt64LittleEndian(_payload, time.GetTimestamp());
        JournalCommit commit = new() { Name = Name, Key = _key, ExpectedVersion = _version, Payload = [.. _payload] };
        var result = await journal.CommitAsync(commit);
        _version = result.Version == 0 ? null : result.Version;
        if (result.IsConflict)
        {
            // A row from before the restart. A refused write says nothing of the disk, so once more with the version it told.
            result = await journal.CommitAsync(new() { Name = Name, Key = _key, ExpectedVersion = _version, Payload = commit.Payload });
            _version = result.Version == 0 ? null : result.Version;
        }
    }

    private void Found(bool writable, Exception? failure)
    {
        var before = _finding?.IsWritable;
        if (before == writable)
        {
            return;
        }

        _finding = new Finding(writable, time.GetTimestamp());
        if (!writable)
        {
            Log.NotWritable(logger, failure);
        }
        else if (before == false)
        {
            Log.WritableAgain(logger);
        }
    }

    private sealed record Finding(bool IsWritable, long Since);

    private static partial class Log
    {
        [LoggerMessage(5030, LogLevel.Error, "The journal cannot be written; this process is not ready until it can")]
        public static partial void NotWritable(ILogger logger, Exception? failure);

        [LoggerMessage(5031, LogLevel.Information, "The journal can be written again")]
        public static partial void WritableAgain(ILogger logger);
    }
}
