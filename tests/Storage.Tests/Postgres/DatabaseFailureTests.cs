using System.Collections.Concurrent;
using Capacitor.Events;
using Capacitor.Storage.Postgres;
using Capacitor.Testing;
using Npgsql;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>What happens to the journal when the database does not go on.</summary>
public sealed class DatabaseFailureTests : IAsyncLifetime
{
    private const int Writers = 16;

    private PostgresServer _server = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync();
        _database = await _server.CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(_database);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Crash_InFullFlow_LosesNothingAcknowledgedAndAllGoesOn()
    {
        using var one = OpenJournal.Postgres(_database);
        using var two = OpenJournal.Postgres(_database);
        ConcurrentDictionary<int, long> acknowledged = [];
        using SemaphoreSlim commits = new(0), failures = new(0);
        using CancellationTokenSource enough = new();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
            WriteAsync(writer % 2 == 0 ? one.Journal : two.Journal, writer, acknowledged, commits, failures, enough.Token))));
        var partition = one.Journal.PartitionOf(Make.Tenant);
        var reading = Task.Run(() => ReadAsync(two.Journal, partition, enough.Token));

        for (var round = 0; round < 2; round++)
        {
            await TakeAsync(commits, 1000);
            await _server.StopImmediateAsync();
            await TakeAsync(failures, Writers);
            await _server.StartAsync();
        }
        while (commits.Wait(0, CancellationToken.None))
        {
        }
        await TakeAsync(commits, 1000);
        await enough.CancelAsync();
        await writing;

        // The reader that was there all the time has seen all but what came after it had stopped; the rest is read now.
        var seen = await reading;
        while (await one.Journal.ReadPartitionAsync(partition, seen.Count, 1_000_000) is { Count: > 0 } more)
        {
            seen.AddRange(more); // first what this journal has in memory, which need not be what the other wrote last
        }
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => (long)n), seen.Select(e => e.Position));
        Assert.Equal(seen.Select(e => e.Position), seen.Select(e => e.Sequence)); // there is but one tenant
        for (var writer = 0; writer < Writers; writer++)
        {
            var version = (await one.Journal.ReadStateAsync("charger", Flow.KeyOf(writer))).Version;
            Assert.InRange(version, acknowledged[writer], long.MaxValue);
            Assert.Equal(Enumerable.Range(1, (int)version).Select(n => $"evt_{writer}_{n}"), seen.Select(e => e.Id).Where(id => id.StartsWith($"evt_{writer}_", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Restore_OfADump_GoesOnFromThere()
    {
        using TemporaryFolder folder = new();
        var dump = Path.Combine(folder.Path, "dump");
        await using (var silo = await ClusterSilo.StartAsync(_database))
        {
            await silo.Grains.GetGrain<IColdGrain>("t/one").WriteAsync("before");
        }
        using (var before = OpenJournal.Postgres(_database))
        {
            await before.Journal.CommitAsync(new()
            {
                Name = "charger", Key = "c/1", Payload = [1], Events = [Make.Event("evt_1")], Charger = Make.Charger("CP-1"), Transactions = [Make.Transaction(7)],
            });
            await before.Journal.WriteCheckpointAsync(before.Journal.PartitionOf(Make.Tenant), 1);
            await _server.DumpAsync(_database, dump);
            await before.Journal.CommitAsync(Make.Write("c/1", 1, Make.Event("evt_lost")));
        }
        var restored = await _server.CreateDatabaseAsync();
        await _server.RestoreAsync(dump, restored);
        await CapacitorDatabase.PrepareAsync(restored);

        using (var after = OpenJournal.Postgres(restored))
        {
            Assert.Equal(1, await after.Journal.ReadHeadAsync(Make.Tenant));
            Assert.Equal(1, await after.Journal.ReadCheckpointAsync(after.Journal.PartitionOf(Make.Tenant)));
            Assert.NotNull(await after.Journal.FindTransactionAsync(Make.Tenant, 7));
            Assert.Equal(new CommitResult(false, 2), await after.Journal.CommitAsync(Make.Write("c/1", 1, Make.Event("evt_2"))));
            Assert.Equal(["evt_1", "evt_2"], (await after.Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => e.Id));
        }
        await using var again = await ClusterSilo.StartAsync(restored);
        Assert.Equal(("before", true), await again.Grains.GetGrain<IColdGrain>("t/one").ReadAsync());
    }

    /// <summary>As a grain does it: after a failure it reads what is stored, and goes on from there.</summary>
    private static async Task WriteAsync(
        IJournal journal, int writer, ConcurrentDictionary<int, long> acknowledged, SemaphoreSlim commits, SemaphoreSlim failures, CancellationToken enough)
    {
        var failed = false;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                for (var version = (await journal.ReadStateAsync("charger", Flow.KeyOf(writer))).Version; !enough.IsCancellationRequested; version++)
                {
                    var result = await journal.CommitAsync(Make.Write(Flow.KeyOf(writer), version == 0 ? null : version, Make.Event($"evt_{writer}_{version + 1}")));
                    Assert.False(result.IsConflict);
                    acknowledged[writer] = result.Version;
                    failed = false;
                    commits.Release();
                }
            }
            catch (NpgsqlException)
            {
                if (!failed)
                {
                    failed = true;
                    failures.Release();
                }
            }
        }
    }

    private static async Task<List<JournalEvent>> ReadAsync(IJournal journal, int partition, CancellationToken enough)
    {
        List<JournalEvent> seen = [];
        while (!enough.IsCancellationRequested)
        {
            try
            {
                if (await journal.WaitForAsync(partition, seen.Count, TimeSpan.FromSeconds(60), enough))
                {
                    seen.AddRange(await journal.ReadPartitionAsync(partition, seen.Count, 512));
                }
            }
            catch (NpgsqlException)
            {
                // Asked again, as the stream's agent does.
            }
        }
        return seen;
    }

    private static async Task TakeAsync(SemaphoreSlim signals, int count)
    {
        for (var n = 0; n < count; n++)
        {
            Assert.True(await signals.WaitAsync(TimeSpan.FromSeconds(60)));
        }
    }
}
