using Capacitor.Events;
using Capacitor.Records;

namespace Capacitor.Storage.Tests;

/// <summary>The rows of other lists, and what is found by transaction, tag and time.</summary>
public abstract partial class JournalPromises
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_Everything_IsReadBackAsWritten(bool reopened)
    {
        var full = Make.Record("a'ü\"", 3) with { Charger = new("cp-1"), Parent = "usr_1", Status = "pending", ExpiresAt = Make.Noon.AddMilliseconds(1.5), Body = [0, 255] };
        var bare = Make.Record("b") with { Body = [] };
        await Journal.CommitAsync(new() { Name = "charger", Key = "c/1", Payload = [1], Events = [Make.Event("evt_1")], Records = [RecordChange.Save(full), RecordChange.Save(bare)] });
        var journal = reopened ? Reopen() : Journal;

        AssertSame(full, await journal.FindRecordAsync(full.Key));
        AssertSame(bare, await journal.FindRecordAsync(bare.Key));
        AssertSame(full, (await journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command }, 10, 0)).Items[0]);
        Assert.Equal(1, (await journal.ReadStateAsync("charger", "c/1")).Version);
        Assert.Equal(1, await journal.ReadHeadAsync(Make.Tenant));
    }

    [Fact]
    public async Task Record_OtherCaseKindOrTenant_IsAnother()
    {
        var key = Make.Record("a").Key;
        RecordKey[] keys = [key, key with { Id = "A" }, key with { Kind = RecordKinds.User }, key with { Tenant = Make.Neighbour }];
        await Journal.CommitAsync(new() { Records = [.. keys.Select((one, n) => RecordChange.Save(Make.Record("a") with { Key = one, Body = [(byte)n] }))] });
        await Journal.CommitAsync(new() { Records = [RecordChange.Remove(keys[1]), RecordChange.Remove(key with { Id = "never was" })] });

        Assert.Equal([0, null, 2, 3], (await Task.WhenAll(keys.Select(one => Journal.FindRecordAsync(one).AsTask()))).Select(row => (int?)row?.Body[0]));
        Assert.Equal(1, (await Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command }, 10, 0)).Total);
    }

    [Fact]
    public async Task CommitAsync_RecordsOfNoState_AreWritten()
    {
        Assert.Equal(new CommitResult(false, 0), await Journal.CommitAsync(new() { Records = [RecordChange.Save(Make.Record("a"))] }));
        Assert.NotNull(await Journal.FindRecordAsync(Make.Record("a").Key));
        Assert.Equal(new CommitResult(false, 0), await Journal.CommitAsync(new() { Records = [RecordChange.Remove(Make.Record("a").Key)] }));
        Assert.Null(await Journal.FindRecordAsync(Make.Record("a").Key));
    }

    [Fact]
    public async Task CommitAsync_SameRecordOftenAtOnce_TheLastCounts()
    {
        // Without a wait between them: they gather to groups.
        var commits = Enumerable.Range(1, 200).Select(n => Journal.CommitAsync(new()
        {
            Records = [Change("a", n, n % 3 == 0), Change("b", n, n % 2 == 0), Change("b", n + 1, n % 2 == 1), Change($"c_{n}", n, false)],
        }).AsTask()).ToArray();
        await Task.WhenAll(commits);

        Assert.Equal(200, (await Journal.FindRecordAsync(Make.Record("a").Key))!.Body[0]);
        Assert.Equal(201, (await Journal.FindRecordAsync(Make.Record("b").Key))!.Body[0]);
        await Journal.CommitAsync(new() { Records = [Change("a", 1, false), Change("a", 1, true), Change("b", 1, true), Change("b", 2, false)] });
        Assert.Null(await Journal.FindRecordAsync(Make.Record("a").Key));
        Assert.Equal(2, (await Journal.FindRecordAsync(Make.Record("b").Key))!.Body[0]);

        static RecordChange Change(string id, int n, bool remove) =>
            remove ? RecordChange.Remove(Make.Record(id).Key) : RecordChange.Save(Make.Record(id) with { Body = [(byte)n] });
    }

    [Fact]
    public async Task CommitAsync_ConflictsWithRecords_WriteNone()
    {
        await Journal.CommitAsync(new() { Name = "charger", Key = "c/0", Payload = [1], Records = [RecordChange.Save(Make.Record("kept"))] });
        var commits = Enumerable.Range(0, 100).Select(n => Journal.CommitAsync(new()
        {
            Name = "charger",
            Key = n % 2 == 0 ? $"c/new-{n}" : "c/0",
            ExpectedVersion = n % 2 == 0 ? null : 99,
            Payload = [1],
            Records = n % 2 == 0 ? [RecordChange.Save(Make.Record($"r_{n}"))] : [RecordChange.Save(Make.Record($"r_{n}")), RecordChange.Remove(Make.Record("kept").Key)],
        }).AsTask()).ToArray();
        Assert.Equal(50, (await Task.WhenAll(commits)).Count(result => result.IsConflict));

        var rows = await Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command }, 1000, 0);
        Assert.Equal(Enumerable.Range(0, 50).Select(n => $"r_{2 * n}").Append("kept").ToHashSet(), rows.Items.Select(row => row.Key.Id).ToHashSet());
    }

    [Fact]
    public async Task ListRecordsAsync_Many_NewestFirstByPage()
    {
        await Journal.CommitAsync(new() { Records = [.. new[] { ("a", 1), ("b", 3), ("c", 2), ("D", 2), ("d", 2) }.Select(row => RecordChange.Save(Make.Record(row.Item1, row.Item2)))] });
        await Journal.CommitAsync(new() { Records = [RecordChange.Save(Make.Record("other") with { Key = new(Make.Neighbour, RecordKinds.Command, "other") })] });
        var page = await Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command }, 3, 1);

        Assert.Equal(("d c D", 5), (string.Join(' ', page.Items.Select(row => row.Key.Id)), page.Total));
        page = await Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command }, 3, 10);
        Assert.Equal((0, 5), (page.Items.Count, page.Total));
        page = await Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.User }, 3, 0);
        Assert.Equal((0, 0), (page.Items.Count, page.Total));
    }

    [Fact]
    public async Task ListRecordsAsync_Filters_AllHaveToMatch()
    {
        await Journal.CommitAsync(new()
        {
            Records =
            [
                RecordChange.Save(Make.Record("1", 1) with { Charger = new("cp-1"), Status = "pending" }),
                RecordChange.Save(Make.Record("2", 2) with { Charger = new("CP-1"), Status = "completed", Parent = "usr_1" }),
                RecordChange.Save(Make.Record("3", 3) with { Charger = new("CP-2"), Status = "pending", Parent = "usr_1" }),
                RecordChange.Save(Make.Record("4", 4) with { Status = "failed" }),
                RecordChange.Save(Make.Record("5", 5)),
            ],
        });
        RecordFilter all = new() { Kind = RecordKinds.Command };

        Assert.Equal("5 4 3 2 1", await Ids(all));
        Assert.Equal("2 1", await Ids(all with { Charger = new("Cp-1") }));
        Assert.Equal("3 2", await Ids(all with { Parent = "usr_1" }));
        Assert.Equal("", await Ids(all with { Parent = "USR_1" }));
        Assert.Equal("4 3 1", await Ids(all with { Statuses = ["failed", "pending", "unknown"] }));
        Assert.Equal("", await Ids(all with { Statuses = [] }));
        Assert.Equal("", await Ids(all with { Statuses = ["failed,pending"] }));
        Assert.Equal("3 2", await Ids(all with { From = Make.Noon.AddMinutes(2), To = Make.Noon.AddMinutes(4) }));
        Assert.Equal("2", await Ids(all with { Charger = new("CP-1"), Parent = "usr_1", Statuses = ["completed"], From = Make.Noon, To = Make.Noon.AddHours(1) }));
        Assert.Equal("", await Ids(all with { Kind = RecordKinds.Payment }));

        // Moved to another charger, parent and status: found there, and no longer where it was.
        await Journal.CommitAsync(new() { Records = [RecordChange.Save(Make.Record("2", 6) with { Charger = new("CP-2"), Status = "failed", Parent = "usr_2" })] });
        Assert.Equal("1", await Ids(all with { Charger = new("CP-1") }));
        Assert.Equal("2 3", await Ids(all with { Charger = new("CP-2") }));
        Assert.Equal("3", await Ids(all with { Parent = "usr_1" }));
        Assert.Equal("2 4", await Ids(all with { Statuses = ["failed"] }));

        async Task<string> Ids(RecordFilter filter)
        {
            var page = await Journal.ListRecordsAsync(Make.Tenant, filter, 10, 0);
            Assert.Equal(page.Items.Count, page.Total);
            return string.Join(' ', page.Items.Select(row => row.Key.Id));
        }
    }

    [Fact]
    public async Task DeleteExpiredRecordsAsync_SomeAtATime_LeavesThoseThatStay()
    {
        await Journal.CommitAsync(new()
        {
            Records =
            [
                .. Enumerable.Range(0, 10).Select(n => RecordChange.Save(Make.Record($"r_{n}") with { ExpiresAt = Make.Noon.AddMinutes(n) })),
                RecordChange.Save(Make.Record("stays")),
            ],
        });
        await Journal.CommitAsync(new() { Records = [RecordChange.Save(Make.Record("r_0") with { ExpiresAt = Make.Noon.AddDays(1) })] }); // renewed

        Assert.Equal(2, await Journal.DeleteExpiredRecordsAsync(Make.Noon.AddMinutes(5), 2));
        Assert.Null(await Journal.FindRecordAsync(Make.Record("r_1").Key)); // those first that are over for longest
        Assert.NotNull(await Journal.FindRecordAsync(Make.Record("r_3").Key));
        Assert.Equal(2, await Journal.DeleteExpiredRecordsAsync(Make.Noon.AddMinutes(5), 10));
        Assert.Equal(0, await Journal.DeleteExpiredRecordsAsync(Make.Noon.AddMinutes(5), 10)); // its last moment
        Assert.Equal(7, (await Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command }, 10, 0)).Total);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadTransactionEventsAsync_OthersBetween_PagesThroughThoseOfOne(bool reopened)
    {
        for (var n = 0; n < 5; n++)
        {
            await Journal.AppendAsync(
            [
                Make.Event($"one_{n}", type: n == 0 ? EventTypes.TransactionStarted : EventTypes.TransactionUpdated) with { TransactionId = 1 },
                Make.Event($"two_{n}") with { TransactionId = 2 },
                Make.Event($"none_{n}"),
                Make.Event($"foreign_{n}", Make.Neighbour) with { TransactionId = 1 },
            ]);
        }
        var journal = reopened ? Reopen() : Journal;

        var first = await journal.ReadTransactionEventsAsync(Make.Tenant, 1, null, 0, 3);
        Assert.Equal(("one_0 one_1 one_2", 9), Told(first));
        var rest = await journal.ReadTransactionEventsAsync(Make.Tenant, 1, null, first.ReadTo, 3);
        Assert.Equal(("one_3 one_4", 20), Told(rest));
        Assert.All(first.Events.Concat(rest.Events), e => Assert.Equal(1, e.TransactionId));
        var updates = await journal.ReadTransactionEventsAsync(Make.Tenant, 1, EventTypes.TransactionUpdated, 0, 2);
        Assert.Equal(("one_1 one_2", 9), Told(updates));
        var none = await journal.ReadTransactionEventsAsync(Make.Tenant, 3, null, 0, 10);
        Assert.Equal((0, 20), (none.Events.Count, none.ReadTo));
        Assert.Equal(30, (await journal.ReadTransactionEventsAsync(Make.Tenant, 1, null, 30, 10)).ReadTo); // never back

        await journal.AppendAsync([Make.Event("one_5") with { TransactionId = 1 }]);
        Assert.Equal(("one_5", 21), Told(await journal.ReadTransactionEventsAsync(Make.Tenant, 1, null, rest.ReadTo, 10)));

        static (string, long) Told(EventPage page) => (string.Join(' ', page.Events.Select(e => e.Id)), page.ReadTo);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TransactionId_OfAnEvent_IsReadBack(bool reopened)
    {
        await Journal.CommitAsync(Make.Write("c/1", null, Make.Event("evt_1") with { TransactionId = int.MaxValue }, Make.Event("evt_2")));
        var journal = reopened ? Reopen() : Journal;

        Assert.Equal([int.MaxValue, null], (await journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => e.TransactionId));
        Assert.Equal([int.MaxValue, null], (await journal.ReadPartitionAsync(journal.PartitionOf(Make.Tenant), 0, 10)).Select(e => e.TransactionId));
    }

    [Fact]
    public async Task ReadTransactionEventsAsync_WhileOthersWrite_NeverSkips()
    {
        const int Writers = 8, Each = 50;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < Each; n++)
            {
                await Journal.AppendAsync([Make.Event($"{writer}:{n}") with { TransactionId = (writer % 2) + 1 }]);
            }
        })));
        List<JournalEvent> seen = [];
        for (var position = 0L; seen.Count < Writers / 2 * Each;)
        {
            var page = await Journal.ReadTransactionEventsAsync(Make.Tenant, 1, null, position, 7);
            seen.AddRange(page.Events);
            position = page.ReadTo;
        }
        await writing;

        Assert.All(seen.GroupBy(e => e.Id.Split(':')[0]), writer => Assert.Equal(Enumerable.Range(0, Each).Select(n => $"{writer.Key}:{n}"), writer.Select(e => e.Id)));
        Assert.Equal(Writers / 2, seen.DistinctBy(e => e.Id.Split(':')[0]).Count());
    }

    [Fact]
    public async Task ListDueChargersAsync_SomeDue_ThoseFirstThatHaveWaitedLongest()
    {
        await Journal.CommitAsync(new() { Charger = Make.Charger("late") with { WatchAt = Make.Noon.AddMinutes(3) } });
        await Journal.CommitAsync(new() { Charger = Make.Charger("second") with { WatchAt = Make.Noon.AddMinutes(2) } });
        await Journal.CommitAsync(new() { Charger = Make.Charger("First", tenant: new("ten_two")) with { WatchAt = Make.Noon.AddMinutes(1) } });
        await Journal.CommitAsync(new() { Charger = Make.Charger("never") });
        var now = Make.Noon.AddMinutes(2);

        Assert.Equal(["First", "second"], (await Journal.ListDueChargersAsync(now, 10)).Select(id => id.Value));
        Assert.Equal(["First"], (await Journal.ListDueChargersAsync(now, 1)).Select(id => id.Value));
        Assert.Equal(Make.Noon.AddMinutes(3), (await Journal.ListChargersAsync(Make.Tenant, null, 10, 0)).Items.Single(row => row.ChargeBoxId.Value == "late").WatchAt);
        await Journal.CommitAsync(new() { Charger = Make.Charger("First", tenant: new("ten_two")) });
        Assert.Equal(["second"], (await Journal.ListDueChargersAsync(now, 10)).Select(id => id.Value));
    }

    [Fact]
    public async Task CountOpenTransactionsAsync_WhateverTheCase_CountsThoseOfTheTenantThatAreOpen()
    {
        await Journal.CommitAsync(new()
        {
            Transactions =
            [
                Make.Transaction(1) with { IdTag = "Tag_a" },
                Make.Transaction(2, "CP-2") with { IdTag = "TAG_A" },
                Make.Transaction(3) with { IdTag = "tag_a", StopTime = Make.Noon },
                Make.Transaction(4) with { IdTag = "TAGxA" },
                Make.Transaction(5, tenant: new("ten_two")) with { IdTag = "TAG_A" },
            ],
        });

        Assert.Equal(2, await Journal.CountOpenTransactionsAsync(Make.Tenant, "tag_A"));
        Assert.Equal(0, await Journal.CountOpenTransactionsAsync(Make.Tenant, "unknown"));
        await Journal.CommitAsync(new() { Transactions = [Make.Transaction(1) with { IdTag = "Tag_a", StopTime = Make.Noon }] });
        Assert.Equal(1, await Journal.CountOpenTransactionsAsync(Make.Tenant, "tag_A"));
    }

    [Fact]
    public async Task ListTransactionsAsync_TagConnectorAndTime_AllHaveToMatch()
    {
        await Journal.CommitAsync(new()
        {
            Transactions =
            [
                Make.Transaction(1) with { IdTag = "one" },
                Make.Transaction(2) with { IdTag = "ONE", ConnectorId = 2, StopTime = Make.Noon },
                Make.Transaction(3, "CP-2") with { IdTag = "two", ConnectorId = 0 },
                Make.Transaction(4) with { IdTag = "One" },
            ],
        });

        Assert.Equal([4, 2, 1], await Ids(new() { IdTag = "oNe" }));
        Assert.Equal([4, 1], await Ids(new() { IdTag = "oNe", Open = true }));
        Assert.Equal([2], await Ids(new() { ConnectorId = 2 }));
        Assert.Equal([3], await Ids(new() { ConnectorId = 0 }));
        Assert.Equal([4, 3, 2], await Ids(new() { From = Make.Noon.AddSeconds(2) }));
        Assert.Equal([1], await Ids(new() { To = Make.Noon.AddSeconds(2) }));
        Assert.Equal([2], await Ids(new() { ChargeBoxId = new("cp-1"), IdTag = "one", Open = false, ConnectorId = 2, From = Make.Noon, To = Make.Noon.AddSeconds(3) }));
        Assert.Empty(await Ids(new() { IdTag = "three" }));

        async Task<IEnumerable<int>> Ids(TransactionFilter filter)
        {
            var page = await Journal.ListTransactionsAsync(Make.Tenant, filter, 10, 0);
            Assert.Equal(page.Items.Count, page.Total);
            return page.Items.Select(t => t.TransactionId);
        }
    }

    private static void AssertSame(RecordRow expected, RecordRow? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Convert.ToHexString(expected.Body), Convert.ToHexString(actual.Body));
        Assert.Equal(expected, actual with { Body = expected.Body }); // arrays are equal only to themselves
    }
}
