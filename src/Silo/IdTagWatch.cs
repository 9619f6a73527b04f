using Capacitor.Events;
using Capacitor.Grains;
using Capacitor.IdTags;
using Capacitor.Records;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Capacitor.Silo;

/// <summary>
/// Looks now and then for id tags whose time is over, and has them say so. When they expire is in the journal: no timer of a tag is in memory. Every silo looks;
/// a tag says it once.
/// </summary>
internal sealed partial class IdTagWatch(IGrainFactory grains, IJournalReader journal, TimeProvider time, ILogger<IdTagWatch> logger)
    : BackgroundService
{
    private const int PageSize = 100;
    private const int MostPages = 100;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly LookFailures<string> _failures = new();

    // Of this look: one line tells of however many there are.
    private Exception? _failure;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                _failure = failure;
            }

            if (_failure is not null)
            {
                NotTold(logger, _failure);
                _failure = null;
            }
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        var left = 0; // not due yet by the clock of the silo that holds them, or not to be told now: the others are behind them
        _failures.CountWaiting(time.GetUtcNow()); // forgets those that have been well for long
        for (var page = 0; page < MostPages; page++)
        {
            var filter = new RecordFilter { Kind = RecordKinds.IdTagExpiry, To = time.GetUtcNow() };
            var due = await journal.ListRecordsAsync(IdTagExpiries.Everybody, filter, PageSize, left, stopping);
            foreach (var row in due.Items)
            {
                stopping.ThrowIfCancellationRequested();
                left += await TryExpireAsync(row.Key.Id) ? 0 : 1;
            }

            if (due.Items.Count < PageSize)
            {
                return;
            }
        }
    }

    private async Task<bool> TryExpireAsync(string tag)
    {
        if (_failures.IsWaiting(tag, time.GetUtcNow()))
        {
            return false;
        }

        try
        {
            var isTold = await grains.GetGrain<IIdTagGrain>(IdTagId.FromGrainKey(tag).GrainKey).ExpireAsync();
            _failures.Forget(tag);
            return isTold;
        }
        catch (Exception failure)
        {
            _failures.Add(tag, time.GetUtcNow());
            _failure ??= failure;
            return false;
        }
    }

    [LoggerMessage(6041, LogLevel.Warning, "Not all id tags that have expired could be told; it will be tried again")]
    private static partial void NotTold(ILogger logger, Exception failure);
}
