using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Storage.Postgres;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>The promises of <see cref="IJournal"/> to two processes on one database.</summary>
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private OpenJournal _openOne = null!;
    private OpenJournal _openTwo = null!;

    private IJournal One => _openOne.Journal;

    private IJournal Two => _openTwo.Journal;

    public async Task InitializeAsync()
    {
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(database);
        (_openOne, _openTwo) = (OpenJournal.Postgres(database), OpenJournal.Postgres(database));
    }

    public Task DisposeAsync()
    {
        _openOne.Dispose();
        _openTwo.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Read_WhatTheOtherCommitted_IsSeenAtOnce()
    {
        var partition = One.PartitionOf(Make.Tenant);
        for (var n = 1; n <= 20; n++)
        {
            var (writer, reader) = n % 2 == 0 ? (One, Two) : (Two, One);
            await writer.CommitAsync(Make.Write($"c/{n}", null, Make.Event($"evt_{n}")));

            Assert.Equal(n, await reader.ReadHeadAsync(Make.Tenant));
            Assert.Equal(1, (await reader.ReadStateAsync("charger", $"c/{n}")).Version);
            Assert.Equal($"evt_{n}", Assert.Single(await reader.ReadPartitionAsync(partition, n - 1, 10)).Id);
            Assert.Equal(Enumerable.Range(1, n).Select(i => $"evt_{i}"), (await reader.ReadEventsAsync(Make.Tenant, 0, 100)).Events.Select(e => e.Id));
        }
    }

    [Fact]
    public async Task Commit_StateThatTheOtherHasChanged_Conflicts()
    {
        await One.CommitAsync(Make.Write("c/1", null));
        Assert.Equal(new CommitResult(true, 1), await Two.CommitAsync(Make.Write("c/1", null, Make.Event("evt_lost"))));
        Assert.Equal(new CommitResult(false, 2), await Two.CommitAsync(Make.Write("c/1", 1, Make.Event("evt_1"))));

        // A process that slept through its own death still believes in version 1.
        Assert.Equal(new CommitResult(true, 2), await One.CommitAsync(Make.Write("c/1", 1, Make.Event("evt_zombie"))));
        Assert.Equal(["evt_1"], (await One.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => e.Id));
    }

    [Fact]
    public async Task Commit_BothInFullFlow_PositionsAreDenseAndReadersSkipNothing()
    {
        const int Writers = 16, Each = 100;
        var partition = One.PartitionOf(Make.Tenant);
        var writing = Task.WhenAll(new[] { One, Two }.SelectMany((journal, process) => Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < Each; n++)
            {
                var result = await journal.CommitAsync(Make.Write($"c/{process}-{writer}", n == 0 ? null : n, Make.Event($"{process}-{writer}:{n}")));
                Assert.False(result.IsConflict);
            }
        }))));
        var seen = await Task.WhenAll(ReadAllAsync(One, partition, 2 * Writers * Each), ReadAllAsync(Two, partition, 2 * Writers * Each));
        await writing;

        Assert.All(seen, events => Assert.Equal(Enumerable.Range(1, 2 * Writers * Each).Select(n => (long)n), events.Select(e => e.Position)));
        Assert.All(seen, events => Assert.Equal(Enumerable.Range(1, 2 * Writers * Each).Select(n => (long)n), events.Select(e => e.Sequence)));
        Assert.Equal(seen[0].Select(e => e.Id), seen[1].Select(e => e.Id));
        Assert.All(seen[0].GroupBy(e => e.Id.Split(':')[0]), writer =>
            Assert.Equal(Enumerable.Range(0, Each).Select(n => $"{writer.Key}:{n}"), writer.Select(e => e.Id)));
    }

    [Fact]
    public async Task Commit_SameStatesAndRowsByBothInAnyOrder_NobodyFailsAndEveryEventHasItsVersion()
    {
        const int States = 12, Each = 400;
        TenantId[] tenants = [.. Enumerable.Range(0, 6).Select(n => new TenantId($"ten_{n}"))];
        var written = await Task.WhenAll(new[] { One, Two }.SelectMany((journal, process) => Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            Random random = new((process * 100) + writer);
            List<string> mine = [];
            for (var n = 0; n < Each / 8; n++)
            {
                var state = random.Next(States);
                var version = (await journal.ReadStateAsync("charger", $"c/{state}")).Version;
                var result = await journal.CommitAsync(new()
                {
                    Name = "charger",
                    Key = $"c/{state}",
                    ExpectedVersion = version == 0 ? null : version,
                    Payload = [1],
                    Events = [.. Enumerable.Range(0, random.Next(3)).Select(e => Make.Event($"{state}:{version + 1}:{e}", tenants[random.Next(tenants.Length)]))],
                    Charger = Make.Charger($"CP-{random.Next(States)}"),
                    RemovedCharger = random.Next(4) == 0 ? new($"CP-{random.Next(States)}") : null,
                    Transactions = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Make.Transaction(random.Next(1, States)))],
                    Records = [RecordChange.Save(RecordOf(state, version + 1)), .. Enumerable.Range(0, random.Next(4)).Select(_ => AnyOf(random))],
                });
                if (!result.IsConflict)
                {
                    mine.Add($"{state}:{result.Version}");
                }
            }
            return mine;
        }))));

        var all = written.SelectMany(mine => mine).ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
        for (var state = 0; state < States; state++)
        {
            var version = (await One.ReadStateAsync("charger", $"c/{state}")).Version;
            Assert.Equal(version, all.Count(one => one.StartsWith($"{state}:", StringComparison.Ordinal)));
            Assert.Equal($"{version}", (await Two.FindRecordAsync(RecordOf(state, 0).Key))!.Status); // the record of the commit that came last
        }
        for (var partition = 0; partition < One.Partitions; partition++)
        {
            var events = await Two.ReadPartitionAsync(partition, 0, 10_000);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Position));
            Assert.All(events.GroupBy(e => e.Tenant), tenant => Assert.Equal(Enumerable.Range(1, tenant.Count()).Select(n => (long)n), tenant.Select(e => e.Sequence)));
            Assert.All(events, e => Assert.Contains(e.Id[..e.Id.LastIndexOf(':')], all));
        }
    }

    private static RecordRow RecordOf(int state, long version) => Make.Record($"state_{state}") with { Status = $"{version}" };

    private static RecordChange AnyOf(Random random) =>
        Make.Record($"any_{random.Next(12)}") is var row && random.Next(3) == 0 ? RecordChange.Remove(row.Key) : RecordChange.Save(row);

    [Fact]
    public async Task WriteDeliveries_SameRowsByBothInAnyOrder_NobodyFailsAndTheMostAttemptsWin()
    {
        const int Rows = 50, Most = 40;
        await Task.WhenAll(new[] { _openOne, _openTwo }.SelectMany((open, process) => Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            Random random = new((process * 100) + caller);
            for (var n = 1; n <= Most; n++)
            {
                var positions = Enumerable.Range(1, Rows).ToArray();
                random.Shuffle(positions);
                await open.Deliveries.WriteAsync([.. positions.Select(position => Make.Delivery(position, DeliveryStatus.Pending, n))]);
            }
        }))));

        Assert.All((await _openOne.Deliveries.ListAsync("wh_one", new(), null, 100)).Deliveries, row => Assert.Equal(Most, row.AttemptCount));
        Assert.Equal(Rows, (await Task.WhenAll(new[] { _openOne, _openTwo }.Select(open => open.Deliveries.ExpirePendingAsync("wh_one", Make.Noon).AsTask()))).Sum());
    }

    [Fact]
    public async Task Sweep_BothAtOnceWhileOthersWrite_DeletesEachOldEventAndRecordOnce()
    {
        await One.AppendAsync([.. Enumerable.Range(0, 2000).Select(n => Make.Event($"old_{n}", new($"ten_{n % 8}")))]);
        await One.CommitAsync(new() { Records = [.. Enumerable.Range(0, 1000).Select(n => RecordChange.Save(Make.Record($"old_{n}") with { ExpiresAt = Make.Noon }))] });
        FakeTimeProvider time = new(Make.Noon.AddDays(31));
        var writing = Task.Run(async () =>
        {
            for (var n = 0; n < 100; n++)
            {
                await One.AppendAsync([Make.Event($"young_{n}", at: Make.Noon.AddDays(20))]);
            }
        });
        var deleted = await Task.WhenAll(new[] { _openOne, _openTwo }.Select(async open =>
        {
            using RetentionSweeper sweeper = new(open.Journal, open.Deliveries, Options.Create(new JournalOptions()), time, NullLogger<RetentionSweeper>.Instance);
            return (Events: await sweeper.SweepEventsAsync(CancellationToken.None), Records: await sweeper.SweepRecordsAsync(CancellationToken.None));
        }));
        await writing;

        Assert.Equal((2000, 1000), (deleted.Sum(of => of.Events), deleted.Sum(of => of.Records)));
        Assert.Equal(100, (await Two.ReadEventsAsync(Make.Tenant, 0, 1000)).Events.Count);
    }

    private static async Task<List<JournalEvent>> ReadAllAsync(IJournal journal, int partition, int count)
    {
        List<JournalEvent> seen = [];
        while (seen.Count < count)
        {
            Assert.True(await journal.WaitForAsync(partition, seen.Count, Patience, CancellationToken.None));
            seen.AddRange(await journal.ReadPartitionAsync(partition, seen.Count, 64));
        }
        return seen;
    }
}
