using Capacitor.Events;
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
                NotTold(logger, failure);
            }
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        var left = 0; // those that are not due yet by the clock of the silo that holds them
        for (var page = 0; page < MostPages; page++)
        {
            stopping.ThrowIfCancellationRequested();
            var filter = new RecordFilter { Kind = RecordKinds.IdTagExpiry, To = time.GetUtcNow() };
            var due = await journal.ListRecordsAsync(IdTagExpiries.Everybody, filter, PageSize, left, stopping);
            foreach (var row in due.Items)
            {
                left += await grains.GetGrain<IIdTagGrain>(IdTagId.FromGrainKey(row.Key.Id).GrainKey).ExpireAsync() ? 0 : 1;
            }

            if (due.Items.Count < PageSize)
            {
                return;
            }
        }
    }

    [LoggerMessage(6041, LogLevel.Warning, "Not all id tags that have expired could be told; it will be tried again")]
    private static partial void NotTold(ILogger logger, Exception failure);
}
