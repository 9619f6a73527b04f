using System.Collections.Concurrent;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Transactions;

namespace Capacitor.Storage.Tests;

/// <summary>What every backend promises; see <see cref="IJournal"/>. Derived once per backend.</summary>
public abstract partial class JournalPromises : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<IDisposable> _open = [];

    private IJournal? _journal;
    private IDeliveryLog? _deliveries;

    private protected IJournal Journal
    {
        get
        {
            lock (_open) // some tests ask for it from many threads at once
            {
                return _journal ?? Reopen();
            }
        }
    }

    private protected IDeliveryLog Deliveries
    {
        get
        {
            _ = Journal;
            return _deliveries!;
        }
    }

    /// <summary>Opens the store; a second time with what the first has left.</summary>
    private protected abstract OpenJournal Open();

    private protected virtual void Cleanup()
    {
    }

    public void Dispose()
    {
        Close();
        Cleanup();
    }

    private protected IJournal Reopen()
    {
        Close();
        var open = Open();
        _open.Add(open);
        _deliveries = open.Deliveries;
        return _journal = open.Journal;
    }

    private protected void Close()
    {
        _open.ForEach(open => open.Dispose());
        _open.Clear();
    }

    [Fact]
    public async Task CommitAsync_FirstWrite_StoresVersionOne()
    {
        var result = await Journal.CommitAsync(Make.Write("c/1", null));

        Assert.Equal(new CommitResult(false, 1), result);
        var stored = await Journal.ReadStateAsync("charger", "c/1");
        Assert.Equal(1, stored.Version);
        Assert.Equal([1, 2, 3], stored.Payload);
    }

    [Fact]
    public async Task CommitAsync_SecondFirstWrite_Conflicts()
    {
        await Journal.CommitAsync(Make.Write("c/1", null));

        Assert.Equal(new CommitResult(true, 1), await Journal.CommitAsync(Make.Write("c/1", null)));
    }

    [Fact]
    public async Task CommitAsync_StaleVersion_ConflictsAndWritesNothing()
    {
        await Journal.CommitAsync(Make.Write("c/1", null));
        await Journal.CommitAsync(Make.Write("c/1", 1));

        var stale = await Journal.CommitAsync(new()
        {
            Name = "charger",
            Key = "c/1",
            ExpectedVersion = 1,
            Payload = [9],
            Events = [Make.Event("evt_1")],
            Charger = Make.Charger("CP-1"),
            Transactions = [Make.Transaction(1)],
        });

        Assert.Equal(new CommitResult(true, 2), stale);
        Assert.Equal([1, 2, 3], (await Journal.ReadStateAsync("charger", "c/1")).Payload);
        Assert.Equal(0, await Journal.ReadHeadAsync(Make.Tenant));
        Assert.Equal(0, await Journal.CountChargersAsync(Make.Tenant));
        Assert.Null(await Journal.FindTransactionAsync(Make.Tenant, 1));
    }

    [Fact]
    public async Task CommitAsync_UnknownStateWithVersion_Conflicts() =>
        Assert.Equal(new CommitResult(true, 0), await Journal.CommitAsync(Make.Write("c/1", 7)));

    [Fact]
    public async Task CommitAsync_ConflictsAmongManyAtOnce_FailAlone()
    {
        await Journal.CommitAsync(Make.Write("c/0", null));
        List<Task<CommitResult>> commits = [];
        for (var i = 0; i < 200; i++)
        {
            // Every other one claims a version that never was.
            commits.Add(Journal.CommitAsync(Make.Write(i % 2 == 0 ? $"c/new-{i}" : "c/0", i % 2 == 0 ? null : 99, Make.Event($"evt_{i}"))).AsTask());
        }
        var results = await Task.WhenAll(commits);

        Assert.All(results.Index(), result => Assert.Equal(result.Index % 2 == 1, result.Item.IsConflict));
        var events = (await Journal.ReadEventsAsync(Make.Tenant, 0, 1000)).Events;
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"evt_{2 * i}").Order(), events.Select(e => e.Id).Order());
        Assert.Equal(1, (await Journal.ReadStateAsync("charger", "c/0")).Version);
    }

    [Fact]
    public async Task CommitAsync_SameKeyTwiceAtOnce_OneWins()
    {
        await Journal.CommitAsync(Make.Write("c/1", null));
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Journal.CommitAsync(Make.Write("c/1", 1, Make.Event($"evt_{i}"))).AsTask()));

        Assert.Single(results, result => !result.IsConflict);
        Assert.Equal(1, await Journal.ReadHeadAsync(Make.Tenant));
    }

    [Fact]
    public async Task CommitAsync_EverythingAtOnce_IsReadBackAsWritten()
    {
        var charger = Make.Charger("CP-1") with
        {
            Name = "Left",
            Location = "Yard",
            IsOnline = true,
            Vendor = "V",
            Model = "M",
            SerialNumber = "S",
            FirmwareVersion = "F",
            LastHeartbeat = Make.Noon.AddSeconds(1),
            AssumeProtocol = "ocpp1.6",
            GatewayId = "gw",
            Epoch = 7,
        };
        var transaction = Make.Transaction(5) with { MeterStop = 900, StopTime = Make.Noon.AddHours(1), StopReason = "Local", MeterLast = 900, RemoteStarted = true };
        var happened = Make.Event("evt_1", at: Make.Noon.AddMilliseconds(1.5));
        await Journal.CommitAsync(new() { Name = "charger", Key = "c/1", Payload = [], Events = [happened], Charger = charger, Transactions = [transaction] });

        Assert.Empty((await Journal.ReadStateAsync("charger", "c/1")).Payload!);
        Assert.Equal(charger, Assert.Single((await Journal.ListChargersAsync(Make.Tenant, null, 10, 0)).Items));
        Assert.Equal(transaction, await Journal.FindTransactionAsync(Make.Tenant, 5));
        var stored = Assert.Single((await Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events);
        Assert.Equal((1L, "evt_1", happened.At, happened.Type, happened.Tenant), (stored.Position, stored.Id, stored.At, stored.Type, stored.Tenant));
        Assert.Equal(happened.Body, stored.Body);
    }

    [Fact]
    public async Task CommitAsync_Clear_KeepsTheVersionRising()
    {
        await Journal.CommitAsync(Make.Write("c/1", null));
        var cleared = await Journal.CommitAsync(new() { Name = "charger", Key = "c/1", ExpectedVersion = 1, Events = [Make.Event("evt_1")] });

        Assert.Equal(new CommitResult(false, 2), cleared);
        Assert.Equal(new StoredState(2, null), await Journal.ReadStateAsync("charger", "c/1"));
        Assert.Equal(1, await Journal.ReadHeadAsync(Make.Tenant));
        Assert.True((await Journal.CommitAsync(Make.Write("c/1", 1))).IsConflict);
        Assert.Equal(new CommitResult(false, 3), await Journal.CommitAsync(Make.Write("c/1", 2)));
    }

    [Fact]
    public async Task CommitAsync_ClearOfWhatNeverWas_IsDone() =>
        Assert.Equal(new CommitResult(false, 0), await Journal.CommitAsync(new() { Name = "charger", Key = "c/1" }));

    [Fact]
    public async Task CommitAsync_SameKeyOtherName_AreTwoStates()
    {
        await Journal.CommitAsync(Make.Write("c/1", null));
        await Journal.CommitAsync(new() { Name = "other", Key = "c/1", Payload = [4] });

        Assert.Equal([1, 2, 3], (await Journal.ReadStateAsync("charger", "c/1")).Payload);
        Assert.Equal([4], (await Journal.ReadStateAsync("other", "c/1")).Payload);
    }

    [Fact]
    public async Task CommitAsync_ManyWriters_PositionsAreDensePerPartitionAndInOrderPerWriter()
    {
        TenantId[] tenants = [.. Enumerable.Range(0, 8).Select(i => new TenantId("ten_" + i))];
        await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < 50; n++)
            {
                await Journal.CommitAsync(Make.Write($"c/{writer}", n == 0 ? null : n, Make.Event($"{writer}:{n}:a", tenants[writer % 8]), Make.Event($"{writer}:{n}:b", tenants[writer % 8])));
            }
        })));

        for (var partition = 0; partition < Journal.Partitions; partition++)
        {
            var events = await Journal.ReadPartitionAsync(partition, 0, 10_000);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Position));
        }
        foreach (var tenant in tenants)
        {
            var page = await Journal.ReadEventsAsync(tenant, 0, 1000);
            Assert.Equal(400, page.Events.Count);
            foreach (var writer in page.Events.GroupBy(e => e.Id.Split(':')[0]))
            {
                Assert.Equal(Enumerable.Range(0, 50).SelectMany(n => new[] { $"{writer.Key}:{n}:a", $"{writer.Key}:{n}:b" }), writer.Select(e => e.Id));
            }
        }
    }

    [Fact]
    public async Task ReadPartitionAsync_WhileOthersWrite_NeverSkips()
    {
        const int Writers = 16, Each = 100;
        var partition = Journal.PartitionOf(Make.Tenant);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < Each; n++)
            {
                await Journal.AppendAsync([Make.Event($"{writer}:{n}")]);
            }
        })));
        List<JournalEvent> seen = [];
        while (seen.Count < Writers * Each)
        {
            Assert.True(await Journal.WaitForAsync(partition, seen.Count, Patience, CancellationToken.None));
            seen.AddRange(await Journal.ReadPartitionAsync(partition, seen.Count, 37));
        }
        await writing;

        Assert.Equal(Enumerable.Range(1, Writers * Each).Select(n => (long)n), seen.Select(e => e.Position));
    }

    [Fact]
    public async Task ReadPartitionAsync_FromMemoryAndFromTheStore_AreEqual()
    {
        var partition = Journal.PartitionOf(Make.Tenant);
        await Journal.AppendAsync([.. Enumerable.Range(0, 100).Select(n => Make.Event($"evt_{n}", at: Make.Noon.AddTicks(n)))]);
        var live = await Journal.ReadPartitionAsync(partition, 0, 1000);
        var read = await Reopen().ReadPartitionAsync(partition, 0, 1000);

        Assert.Equal(live.Select(e => e with { Body = [] }).Select(Plain), read.Select(e => e with { Body = [] }).Select(Plain));
        Assert.Equal(live.Select(e => Convert.ToHexString(e.Body)), read.Select(e => Convert.ToHexString(e.Body)));

        static (long, string, string, TenantId, ChargeBoxId, DateTimeOffset) Plain(JournalEvent e) => (e.Position, e.Id, e.Type, e.Tenant, e.ChargeBoxId, e.At);
    }

    [Fact]
    public async Task ReadPartitionAsync_FarBehind_ReadsOnWithoutAGap()
    {
        var partition = Journal.PartitionOf(Make.Tenant);
        for (var batch = 0; batch < 6; batch++)
        {
            await Journal.AppendAsync([.. Enumerable.Range(0, 1000).Select(n => Make.Event($"evt_{batch}_{n}"))]);
        }
        List<long> seen = [];
        while (seen.Count < 6000)
        {
            seen.AddRange((await Journal.ReadPartitionAsync(partition, seen.Count, 512)).Select(e => e.Position));
        }

        Assert.Equal(Enumerable.Range(1, 6000).Select(n => (long)n), seen);
        Assert.Empty(await Journal.ReadPartitionAsync(partition, 6000, 512));
    }

    [Fact]
    public async Task WaitForAsync_EventComes_WakesTheReader()
    {
        var waiting = Journal.WaitForAsync(Journal.PartitionOf(Make.Tenant), 0, Patience, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await Journal.AppendAsync([Make.Event("evt_1")]);

        Assert.True(await waiting);
    }

    [Fact]
    public async Task WaitForAsync_CancelledOrTooLong_AnswersFalse()
    {
        using CancellationTokenSource cancelled = new();
        var waiting = Journal.WaitForAsync(0, 0, Patience, cancelled.Token);
        await cancelled.CancelAsync();

        Assert.False(await waiting);
        Assert.False(await Journal.WaitForAsync(0, 0, TimeSpan.FromMilliseconds(1), CancellationToken.None));
    }

    [Fact]
    public async Task WaitForEventsAsync_HundredsAtOnePartition_AllAreWokenAndOthersAreNot()
    {
        var elsewhere = Enumerable.Range(0, 1000).Select(n => new TenantId($"ten_{n}")).First(tenant => Journal.PartitionOf(tenant) != Journal.PartitionOf(Make.Tenant));
        using CancellationTokenSource cancelled = new();
        var waiting = Enumerable.Range(0, 300).Select(n => Journal.WaitForEventsAsync(n % 2 == 0 ? Make.Tenant : Make.Neighbour, 0, Patience).AsTask()).ToArray();
        var leaving = Enumerable.Range(0, 300).Select(_ => Journal.WaitForEventsAsync(Make.Tenant, 0, Patience, cancelled.Token).AsTask()).ToArray();
        var others = Enumerable.Range(0, 300).Select(_ => Journal.WaitForEventsAsync(elsewhere, 0, Patience, cancelled.Token).AsTask()).ToArray();
        var further = Enumerable.Range(0, 300).Select(_ => Journal.WaitForEventsAsync(Make.Tenant, 2, Patience).AsTask()).ToArray();
        Assert.DoesNotContain(waiting.Concat(others).Concat(further), wait => wait.IsCompleted);

        await cancelled.CancelAsync();
        Assert.All(await Task.WhenAll(leaving.Concat(others)), Assert.False);
        await Journal.AppendAsync([Make.Event("evt_1")]);
        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.DoesNotContain(further, wait => wait.IsCompleted);
        await Journal.AppendAsync([Make.Event("evt_2"), Make.Event("evt_3")]);
        Assert.All(await Task.WhenAll(further), Assert.True);
    }

    [Fact]
    public async Task Reopen_AfterCommits_EverythingIsThere()
    {
        await Journal.CommitAsync(new() { Name = "charger", Key = "c/1", Payload = [7], Events = [Make.Event("evt_1")], Charger = Make.Charger("CP-1"), Transactions = [Make.Transaction(1)] });
        await Journal.WriteCheckpointAsync(Journal.PartitionOf(Make.Tenant), 1);
        var again = Reopen();

        Assert.Equal(1, (await again.ReadStateAsync("charger", "c/1")).Version);
        Assert.Equal(1, await again.ReadHeadAsync(Make.Tenant));
        Assert.Equal(1, await again.ReadCheckpointAsync(again.PartitionOf(Make.Tenant)));
        Assert.Equal(1, await again.CountChargersAsync(Make.Tenant));
        Assert.NotNull(await again.FindTransactionAsync(Make.Tenant, 1));
        await again.AppendAsync([Make.Event("evt_2")]);
        Assert.Equal(["evt_1", "evt_2"], (await again.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => e.Id));
        Assert.Equal(2, await again.ReadHeadAsync(Make.Tenant));
    }

    [Fact]
    public async Task WriteCheckpointAsync_Lower_IsIgnored()
    {
        await Journal.WriteCheckpointAsync(3, 10);
        await Journal.WriteCheckpointAsync(3, 5);

        Assert.Equal(10, await Journal.ReadCheckpointAsync(3));
        Assert.Equal(0, await Journal.ReadCheckpointAsync(2));
    }

    [Fact]
    public async Task DeleteEventsBeforeAsync_AllEvents_PositionsGoOn()
    {
        await Journal.AppendAsync([.. Enumerable.Range(0, 10).Select(n => Make.Event($"evt_{n}"))]);
        Assert.Equal(4, await Journal.DeleteEventsBeforeAsync(Make.Noon.AddDays(1), 4));
        Assert.Equal(6, await Journal.DeleteEventsBeforeAsync(Make.Noon.AddDays(1), 100));
        var again = Reopen();

        Assert.Equal(10, await again.ReadHeadAsync(Make.Tenant));
        Assert.Empty((await again.ReadEventsAsync(Make.Tenant, 0, 100)).Events);
        await again.AppendAsync([Make.Event("evt_next")]);
        Assert.Equal(11, Assert.Single((await again.ReadEventsAsync(Make.Tenant, 0, 100)).Events).Position);
        Assert.Equal(11, Assert.Single(await again.ReadPartitionAsync(again.PartitionOf(Make.Tenant), 0, 100)).Position);
    }

    [Fact]
    public async Task DeleteEventsBeforeAsync_YoungerEvents_Stay()
    {
        await Journal.AppendAsync([Make.Event("evt_old"), Make.Event("evt_young", at: Make.Noon.AddHours(2))]);
        Assert.Equal(1, await Journal.DeleteEventsBeforeAsync(Make.Noon.AddHours(1), 100));

        Assert.Equal("evt_young", Assert.Single((await Reopen().ReadEventsAsync(Make.Tenant, 0, 10)).Events).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadEventsAsync_OthersBetween_PagesThroughOnesOwn(bool reopened)
    {
        for (var n = 0; n < 10; n++)
        {
            await Journal.AppendAsync([Make.Event($"mine_{n}", charger: n % 2 == 0 ? "CP-1" : "cp-2", type: n % 5 == 0 ? EventTypes.TransactionStarted : EventTypes.ChargerBoot), Make.Event($"other_{n}", Make.Neighbour)]);
        }
        var journal = reopened ? Reopen() : Journal;

        var first = await journal.ReadEventsAsync(Make.Tenant, 0, 4);
        var rest = await journal.ReadEventsAsync(Make.Tenant, first.ReadTo, 1000);
        Assert.Equal(["mine_0", "mine_1", "mine_2", "mine_3"], first.Events.Select(e => e.Id));
        Assert.Equal(7, first.ReadTo);
        Assert.Equal(6, rest.Events.Count);
        Assert.Equal(20, rest.ReadTo);
        Assert.Equal(["mine_0", "mine_5"], (await journal.ReadEventsAsync(Make.Tenant, 0, 1000, EventTypes.TransactionStarted)).Events.Select(e => e.Id));
        Assert.Equal(5, (await journal.ReadEventsAsync(Make.Tenant, 0, 1000, null, new("CP-2"))).Events.Count);
        Assert.Equal(new EventPage([], 20).ReadTo, (await journal.ReadEventsAsync(Make.Tenant, 20, 10)).ReadTo);
    }

    [Fact]
    public async Task ListChargersAsync_Many_NewestFirstByPage()
    {
        foreach (var (id, minute) in new[] { ("A", 1), ("B", 3), ("C", 2), ("D", 2) })
        {
            await Journal.CommitAsync(new() { Charger = Make.Charger(id, minute) with { IsOnline = id is "A" or "C", GatewayId = id == "A" ? "one" : "two" } });
        }
        await Journal.CommitAsync(new() { Charger = Make.Charger("X", 9, new("ten_two")) });

        var page = await Journal.ListChargersAsync(Make.Tenant, null, 2, 1);
        Assert.Equal(("D C", 4), (Ids(page), page.Total));
        var online = await Journal.ListChargersAsync(Make.Tenant, true, 10, 0);
        Assert.Equal(("C A", 2), (Ids(online), online.Total));
        Assert.Equal(2, (await Journal.ListChargersAsync(Make.Tenant, false, 10, 0)).Total);
        Assert.Equal(["one", "two"], (await Journal.ListGatewaysAsync()).Order());
        Assert.Equal("C", Assert.Single(await Journal.ListOnlineAtAsync("two", 10)).ChargeBoxId.Value);
        Assert.Empty(await Journal.ListOnlineAtAsync("two", 0));
        Assert.Equal(4, (await Journal.ListChargersAsync(Make.Tenant, null, 10, 50)).Total);

        static string Ids(Page<Charger> page) => string.Join(' ', page.Items.Select(c => c.ChargeBoxId.Value));
    }

    [Fact]
    public async Task Charger_OtherCase_IsTheSameRow()
    {
        await Journal.CommitAsync(new() { Charger = Make.Charger("cp-a") });
        await Journal.CommitAsync(new() { Charger = Make.Charger("cp-a") with { Name = "renamed", ChargeBoxId = new("CP-A") } });
        Assert.Equal("renamed", Assert.Single((await Journal.ListChargersAsync(Make.Tenant, null, 10, 0)).Items).Name);
        await Journal.CommitAsync(new() { RemovedCharger = new("Cp-A") });

        Assert.Equal(0, await Journal.CountChargersAsync(Make.Tenant));
    }

    [Fact]
    public async Task ListTransactionsAsync_Filters_NewestFirst()
    {
        await Journal.CommitAsync(new() { Transactions = [Make.Transaction(1), Make.Transaction(2, "cp-1") with { StopTime = Make.Noon }, Make.Transaction(3, "CP-2"), Make.Transaction(4, tenant: new("ten_two"))] });
        await Journal.CommitAsync(new() { Transactions = [Make.Transaction(1) with { MeterLast = 500 }] });

        Assert.Equal([3, 2, 1], await Ids(new()));
        Assert.Equal([2, 1], await Ids(new() { ChargeBoxId = new("cP-1") }));
        Assert.Equal([3, 1], await Ids(new() { Open = true }));
        Assert.Equal([2], await Ids(new() { ChargeBoxId = new("CP-1"), Open = false }));
        Assert.Equal(500, (await Journal.FindTransactionAsync(Make.Tenant, 1))!.MeterLast);
        Assert.Null(await Journal.FindTransactionAsync(Make.Tenant, 4));
        var page = await Journal.ListTransactionsAsync(Make.Tenant, new(), 1, 1);
        Assert.Equal((2, 3), (Assert.Single(page.Items).TransactionId, page.Total));

        async Task<IEnumerable<int>> Ids(TransactionFilter filter) => (await Journal.ListTransactionsAsync(Make.Tenant, filter, 10, 0)).Items.Select(t => t.TransactionId);
    }

    [Fact]
    public async Task CommitAsync_OddTexts_AreKept()
    {
        var odd = "ü\u0001'; DROP TABLE states --" + new string('x', 3000);
        await Journal.CommitAsync(new() { Name = "charger", Key = odd, Payload = [1], Charger = Make.Charger("CP-1") with { Name = odd, Location = "" } });

        Assert.Equal(1, (await Journal.ReadStateAsync("charger", odd)).Version);
        var row = Assert.Single((await Journal.ListChargersAsync(Make.Tenant, null, 1, 0)).Items);
        Assert.Equal((odd, ""), (row.Name, row.Location));
    }

    [Fact]
    public async Task CommitAsync_AfterClose_IsRefused()
    {
        var journal = Journal;
        Close();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.CommitAsync(Make.Write("c/1", null)));
    }
}
