using System.Diagnostics;
using Capacitor.Events;
using Capacitor.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;
using Xunit.Abstractions;

namespace Capacitor.Storage.Tests;

public sealed class StreamTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Seen _seen = new();
    private JournalSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await JournalSilo.StartAsync(_folder.Path, _seen);

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_OfManyTenants_ReachTheirReadersOnceInOrderWithoutGaps()
    {
        TenantId[] tenants = [.. Enumerable.Range(0, 40).Select(n => new TenantId("ten_" + n))];
        await Task.WhenAll(tenants.Select(tenant => Task.Run(async () =>
        {
            for (var n = 0; n < 50; n++)
            {
                await _silo.Journal.AppendAsync([Make.Event($"{tenant}:{n}", tenant)]);
            }
        })));

        var taken = await _seen.TakeAsync(40 * 50);
        foreach (var tenant in tenants)
        {
            var slices = taken.Where(t => t.Tenant == tenant).Select(t => t.Slice).ToList();
            Assert.Equal(Enumerable.Range(0, 50).Select(n => $"{tenant}:{n}"), slices.SelectMany(s => s.Events).Select(e => e.Id));
            var last = 0L;
            foreach (var slice in slices)
            {
                Assert.Equal(last, slice.After);
                last = slice.UpTo;
            }
        }
    }

    [Fact]
    public async Task Events_AcrossARestart_GoOnWithoutAGap()
    {
        for (var n = 0; n < 20; n++)
        {
            await _silo.Journal.AppendAsync([Make.Event($"evt_{n}")]);
        }
        var before = await _seen.TakeAsync(20);
        while (await _silo.Journal.ReadCheckpointAsync(_silo.Journal.PartitionOf(Make.Tenant)) < 20)
        {
            await Task.Yield();
        }
        await _silo.DisposeAsync();
        using (var offline = OpenJournal.Sqlite(_folder.Path))
        {
            await offline.Journal.AppendAsync([Make.Event("evt_20")]); // committed while nobody reads
        }
        _silo = await JournalSilo.StartAsync(_folder.Path, _seen);
        await _silo.Journal.AppendAsync([Make.Event("evt_21")]);

        var after = new List<JournalEvent>();
        for (var first = true; after.Count == 0 || after[^1].Id != "evt_21"; first = false)
        {
            var (_, slice, _) = await _seen.NextAsync();
            Assert.True(!first || slice.After <= 20, "What came first after the restart says that it follows something later than what was seen.");
            after.AddRange(slice.Events);
        }
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"evt_{n}"), before.SelectMany(t => t.Slice.Events).Select(e => e.Id));
        // What was handled before the stop does not come again.
        Assert.Equal(["evt_20", "evt_21"], after.Select(e => e.Id));
    }

    [Fact]
    public async Task Reader_RefusesForAWhile_IsOfferedItsEventsAgain()
    {
        await _silo.Journal.AppendAsync([Make.Event("evt_0")]);
        await _seen.TakeAsync(1);
        var refusals = 0;
        _seen.Refuses = slice => slice.Events.Any(e => e.Id == "evt_1") && ++refusals <= 2;
        await _silo.Journal.AppendAsync([Make.Event("evt_1")]);

        Assert.Equal("evt_1", (await _seen.NextAsync()).Slice.Events[0].Id);
    }

    [Fact]
    public async Task Reader_RefusesLongerThanTheAgentTries_HoldsUpNobodyAndGetsItsEventsInTheEnd()
    {
        var other = Enumerable.Range(0, 1000).Select(n => new TenantId("ten_" + n)).First(t => _silo.Journal.PartitionOf(t) == _silo.Journal.PartitionOf(Make.Tenant));
        using SemaphoreSlim refused = new(0);
        var refusals = 0;
        _seen.Refuses = slice => slice.Events[0].Tenant == Make.Tenant && refused.Release() >= 0 && Interlocked.Increment(ref refusals) <= 3;
        await _silo.Journal.AppendAsync([Make.Event("evt_1")]);
        Assert.True(await refused.WaitAsync(TimeSpan.FromSeconds(60)));
        await _silo.Journal.AppendAsync([Make.Event("evt_other", other)]);

        Assert.Equal("evt_other", (await _seen.NextAsync()).Slice.Events[0].Id);
        Assert.Equal("evt_1", (await _seen.NextAsync()).Slice.Events[0].Id);
        Assert.Equal(4, refusals);
    }

    [Fact]
    public async Task OnNextAsync_NewEvent_IsCommittedAndDelivered()
    {
        var stream = _silo.Services.GetRequiredKeyedService<IStreamProvider>(EventStream.Provider).GetStream<NewEvent>(EventStream.Of(Make.Tenant));
        await stream.OnNextAsync(Make.Event("evt_1"));

        Assert.Equal(1, await _silo.Journal.ReadHeadAsync(Make.Tenant));
        Assert.Equal("evt_1", (await _seen.NextAsync()).Slice.Events[0].Id);
    }

    [Fact]
    public async Task OnNextAsync_SomethingElse_IsRefused()
    {
        var streams = _silo.Services.GetRequiredKeyedService<IStreamProvider>(EventStream.Provider);

        await Assert.ThrowsAsync<NotSupportedException>(() => streams.GetStream<string>(EventStream.Of(Make.Tenant)).OnNextAsync("text"));
        await Assert.ThrowsAsync<NotSupportedException>(() => streams.GetStream<NewEvent>(StreamId.Create("other", "t/x")).OnNextAsync(Make.Event("evt_1")));
    }

    [Fact]
    public async Task Latency_OneAtATime_IsPrinted()
    {
        await _silo.Journal.AppendAsync([Make.Event("evt_warm")]);
        await _seen.TakeAsync(1);
        List<double> committed = [], delivered = [];
        for (var n = 0; n < 300; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await _silo.Journal.AppendAsync([Make.Event($"evt_{n}")]);
            var durable = Stopwatch.GetTimestamp();
            var (_, _, at) = await _seen.NextAsync();
            committed.Add(Stopwatch.GetElapsedTime(began, durable).TotalMilliseconds);
            delivered.Add(Stopwatch.GetElapsedTime(durable, at).TotalMilliseconds);
        }
        committed.Sort();
        delivered.Sort();
        output.WriteLine($"commit p50 {committed[150]:N3} p99 {committed[296]:N3} ms; durable to OnNext p50 {delivered[150]:N3} p99 {delivered[296]:N3} ms");
    }
}
