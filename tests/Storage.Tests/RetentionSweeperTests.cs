using Capacitor.Records;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Storage.Tests;

public sealed class RetentionSweeperTests
{
    [Fact]
    public async Task Sweep_OldAndYoungEvents_DeletesTheOldOnesOfAllPartitions()
    {
        using TemporaryFolder folder = new();
        using var open = OpenJournal.Sqlite(folder.Path);
        FakeTimeProvider time = new(Make.Noon.AddDays(30));
        for (var n = 0; n < 20; n++)
        {
            await open.Journal.AppendAsync([.. Enumerable.Range(0, 50).Select(e => Make.Event($"old_{e}", new("ten_" + n), at: Make.Noon.AddSeconds(-1)))]);
            await open.Journal.AppendAsync([Make.Event("young", new("ten_" + n))]);
        }
        using RetentionSweeper sweeper = new(open.Journal, open.Deliveries, Options.Create(new JournalOptions()), time, NullLogger<RetentionSweeper>.Instance);

        Assert.Equal(1000, await sweeper.SweepEventsAsync(CancellationToken.None));
        Assert.Equal(0, await sweeper.SweepEventsAsync(CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(20, await sweeper.SweepEventsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Sweep_Deliveries_DeletesWhatHasEndedAndIsOverAndLeavesWhatWaits()
    {
        using TemporaryFolder folder = new();
        using var open = OpenJournal.Sqlite(folder.Path);
        FakeTimeProvider time = new(Make.Noon.AddDays(30));
        foreach (var webhook in new[] { "wh_one", "wh_two" })
        {
            foreach (var batch in Enumerable.Range(1, 1000).Chunk(250))
            {
                await open.Deliveries.WriteAsync([.. batch.Select(n => Make.Delivery(n, n % 10 == 0 ? DeliveryStatus.Pending : DeliveryStatus.Delivered, webhook: webhook))]);
            }
        }
        using RetentionSweeper sweeper = new(open.Journal, open.Deliveries, Options.Create(new JournalOptions()), time, NullLogger<RetentionSweeper>.Instance);

        Assert.Equal(0, await sweeper.SweepDeliveriesAsync(CancellationToken.None)); // their last moment
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1800, await sweeper.SweepDeliveriesAsync(CancellationToken.None));
        Assert.Equal(0, await sweeper.SweepDeliveriesAsync(CancellationToken.None));
        Assert.Equal(100, await open.Deliveries.CountPendingAsync("wh_one"));
    }

    [Fact]
    public async Task Sweep_Records_DeletesThoseWhoseTimeIsOver()
    {
        using TemporaryFolder folder = new();
        using var open = OpenJournal.Sqlite(folder.Path);
        FakeTimeProvider time = new(Make.Noon);
        await open.Journal.CommitAsync(new()
        {
            Records = [.. Enumerable.Range(0, 1000).Select(n => RecordChange.Save(Make.Record($"r_{n}") with { ExpiresAt = n % 10 == 0 ? null : Make.Noon }))],
        });
        using RetentionSweeper sweeper = new(open.Journal, open.Deliveries, Options.Create(new JournalOptions()), time, NullLogger<RetentionSweeper>.Instance);

        Assert.Equal(0, await sweeper.SweepRecordsAsync(CancellationToken.None)); // their last moment
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(900, await sweeper.SweepRecordsAsync(CancellationToken.None));
        Assert.Equal(100, (await open.Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command }, 1, 0)).Total);
    }
}
