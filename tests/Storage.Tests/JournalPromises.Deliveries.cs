using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Storage.Tests;

/// <summary>The delivery log; see <see cref="IDeliveryStore"/> and <see cref="IDeliveryLog"/>.</summary>
public abstract partial class JournalPromises
{
    private const string Webhook = "wh_one";

    [Fact]
    public async Task Deliveries_EveryMember_IsReadBackAsWrittenAfterReopening()
    {
        DeliveryAttempt first = Make.Attempt(1) with
        {
            Trigger = AttemptTrigger.Replay,
            Outcome = "rejected",
            Status = 503,
            Error = "no \0 luck",
            Address = "[::1]:443",
            Reused = true,
            Dns = TimeSpan.FromTicks(1),
            Connect = TimeSpan.FromMilliseconds(2),
            Tls = TimeSpan.FromMilliseconds(3),
            FirstByte = TimeSpan.FromMilliseconds(4),
            ResponseHeaders = [new("Retry-After", "5"), new("X-Odd", "ü\0")],
            Body = [0, 255, 7],
            BodyTruncated = true,
        };
        var written = Make.Delivery(7, DeliveryStatus.Pending, attempts: 2) with { Attempts = [first, Make.Attempt(2)], EventAt = Make.Noon.AddMicroseconds(1) };
        var bare = Make.Delivery(8, DeliveryStatus.Superseded, attempts: 0) with { ChargeBoxId = ChargeBoxId.None, EventType = EventTypes.WebhookFailing };
        await Deliveries.WriteAsync([written, bare]);
        Reopen();

        var read = await Deliveries.FindAsync(Webhook, written.Id);
        Assert.Equal(written with { Attempts = read!.Attempts }, read);
        Assert.Equal(first with { ResponseHeaders = read.Attempts[0].ResponseHeaders, Body = read.Attempts[0].Body }, read.Attempts[0]);
        Assert.Equal(first.ResponseHeaders, read.Attempts[0].ResponseHeaders);
        Assert.Equal(first.Body, read.Attempts[0].Body);
        Assert.Equal(written.Attempts[1] with { ResponseHeaders = read.Attempts[1].ResponseHeaders }, read.Attempts[1]);
        var readBare = await Deliveries.FindAsync(Webhook, bare.Id);
        Assert.Equal(bare with { Attempts = readBare!.Attempts }, readBare);
        Assert.Empty(readBare.Attempts);
    }

    [Fact]
    public async Task FindAsync_OtherWebhookOrNoId_AnswersNull()
    {
        var written = Make.Delivery(1);
        await Deliveries.WriteAsync([written]);

        Assert.NotNull(await Deliveries.FindAsync(Webhook, written.Id));
        Assert.Null(await Deliveries.FindAsync("wh_two", written.Id));
        Assert.Null(await Deliveries.FindAsync(Webhook, "dlv_"));
        Assert.Null(await Deliveries.FindAsync("wh_\0", "dlv_1ffff\0\ud800fffffffff"));
        Assert.Null(await Deliveries.FindAsync(Webhook, Make.Delivery(2).Id));
    }

    [Fact]
    public async Task WriteAsync_StoredRowHasMoreAttempts_StaysAsItIs()
    {
        await Deliveries.WriteAsync([Make.Delivery(1, DeliveryStatus.Delivered, attempts: 2)]);
        await Deliveries.WriteAsync([Make.Delivery(1, DeliveryStatus.Pending, attempts: 1), Make.Delivery(2)]);
        Assert.Equal((DeliveryStatus.Delivered, 2), Standing(await FindAsync(1)));
        Assert.NotNull(await FindAsync(2)); // the rest of the call is written

        await Deliveries.WriteAsync([Make.Delivery(1, DeliveryStatus.Expired, attempts: 2)]);
        Assert.Equal((DeliveryStatus.Expired, 2), Standing(await FindAsync(1)));
        await Deliveries.WriteAsync([Make.Delivery(1, DeliveryStatus.Pending, attempts: 3)]);
        Assert.Equal((DeliveryStatus.Pending, 3), Standing(await FindAsync(1)));
        Assert.Equal(3, (await FindAsync(1))!.Attempts.Count);
    }

    [Fact]
    public async Task WriteAsync_SameRowTwiceInACallAndInManyAtOnce_TheMostAttemptsWin()
    {
        await Deliveries.WriteAsync([Make.Delivery(1, attempts: 3), Make.Delivery(1, attempts: 2)]);
        Assert.Equal(3, (await FindAsync(1))!.AttemptCount);

        await Task.WhenAll(Enumerable.Range(1, 60).Select(n => Task.Run(async () => await Deliveries.WriteAsync([Make.Delivery(1, attempts: n), Make.Delivery(2, attempts: 61 - n)]))));
        Assert.Equal((60, 60), ((await FindAsync(1))!.AttemptCount, (await FindAsync(2))!.AttemptCount));
    }

    [Fact]
    public async Task WriteAsync_ManyCallersBesideCommits_AllIsWritten()
    {
        const int Callers = 20, Calls = 5, Rows = 60;
        var commits = Task.WhenAll(Enumerable.Range(0, 200).Select(n => Journal.CommitAsync(Make.Write($"c/{n}", null, Make.Event($"evt_{n}"))).AsTask()));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < Calls; call++)
            {
                await Deliveries.WriteAsync([.. Enumerable.Range(1, Rows).Select(n => Make.Delivery((call * Rows) + n, DeliveryStatus.Pending, 1, $"wh_{caller}"))]);
            }
        })));

        Assert.All(await commits, result => Assert.False(result.IsConflict));
        for (var caller = 0; caller < Callers; caller++)
        {
            Assert.Equal(Calls * Rows, await Deliveries.CountPendingAsync($"wh_{caller}"));
        }
    }

    [Fact]
    public async Task WriteAsync_Nothing_IsDone()
    {
        await Deliveries.WriteAsync([]);

        Assert.Empty((await Deliveries.ListAsync(Webhook, new(), null, 10)).Deliveries);
    }

    [Fact]
    public async Task ListAsync_ByPage_NewestFirstAndTheLastPageSaysSo()
    {
        // Two of the same position, and others' between.
        await Deliveries.WriteAsync([.. Enumerable.Range(1, 9).Select(n => Make.Delivery(n)), Make.Delivery(5) with { Id = DeliveryId.Derive(Webhook, "evt_test", 5) }]);
        await Deliveries.WriteAsync([Make.Delivery(4, webhook: "wh_on"), Make.Delivery(6, webhook: "wh_two")]);

        List<DeliveryRecord> seen = [];
        List<int> pages = [];
        string? before = null;
        do
        {
            var page = await Deliveries.ListAsync(Webhook, new(), before, 4);
            seen.AddRange(page.Deliveries);
            pages.Add(page.Deliveries.Count);
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal([4, 4, 2], pages);
        Assert.Equal([9, 8, 7, 6, 5, 5, 4, 3, 2, 1], seen.Select(row => row.Position));
        Assert.Equal(10, seen.Select(row => row.Id).Distinct().Count());
        Assert.All(seen, row => Assert.Equal(Webhook, row.WebhookId));
        Assert.Null((await Deliveries.ListAsync(Webhook, new(), null, 10)).Next); // exactly as many as there are
        Assert.Empty((await Deliveries.ListAsync(Webhook, new(), "no id", 10)).Deliveries);
        Assert.Equal([3, 2, 1], (await Deliveries.ListAsync(Webhook, new(), DeliveryId.Derive(Webhook, "evt_4", 4), 10)).Deliveries.Select(row => row.Position));
    }

    [Fact]
    public async Task ListAsync_Filters_MatchAllOfThem()
    {
        await Deliveries.WriteAsync(
        [
            Make.Delivery(1),
            Make.Delivery(2, DeliveryStatus.Exhausted) with { ChargeBoxId = new("cp-2") },
            Make.Delivery(3, DeliveryStatus.Pending) with { EventType = EventTypes.TransactionStarted, ChargeBoxId = new("CP-2") },
            Make.Delivery(4, DeliveryStatus.Exhausted) with { ChargeBoxId = ChargeBoxId.None },
        ]);
        await Deliveries.WriteAsync(
        [
            Make.Delivery(1, DeliveryStatus.Delivered) with { WebhookId = "wh_own", EventType = "custom.a.b" },
            Make.Delivery(2, DeliveryStatus.Delivered) with { WebhookId = "wh_own", EventType = "customs.a" },
            Make.Delivery(3, DeliveryStatus.Delivered) with { WebhookId = "wh_own", EventType = EventTypes.ChargerBoot },
        ]);

        Assert.Equal([4, 2], await Positions(new() { Status = DeliveryStatus.Exhausted }));
        Assert.Equal([3], await Positions(new() { EventType = EventTypes.TransactionStarted }));
        Assert.Equal([3, 2], await Positions(new() { ChargeBoxId = new("Cp-2") }));
        Assert.Equal([4], await Positions(new() { ChargeBoxId = ChargeBoxId.None }));
        Assert.Equal([3, 2], await Positions(new() { From = Make.Noon.AddSeconds(2), To = Make.Noon.AddSeconds(4) }));
        Assert.Equal([2], await Positions(new() { Status = DeliveryStatus.Exhausted, ChargeBoxId = new("CP-2"), EventType = EventTypes.ChargerBoot }));
        Assert.Empty(await Positions(new() { EventType = "no\0 type" }));
        Assert.Equal([3], await Positions(new() { EventTypes = [EventTypes.TransactionStarted, EventTypes.TransactionStopped] }));
        Assert.Equal([4, 3, 2, 1], await Positions(new() { EventTypes = [EventTypes.TransactionStarted, EventTypes.ChargerBoot] }));
        Assert.Equal([2], await Positions(new() { EventTypes = [EventTypes.TransactionStarted, EventTypes.ChargerBoot], Status = DeliveryStatus.Exhausted, ChargeBoxId = new("CP-2") }));
        Assert.Empty(await Positions(new() { EventTypes = ["charger", "boot"] }));
        Assert.Empty(await Positions(new() { EventTypes = [EventTypes.AnyCustom] }));
        Assert.Equal([1], await Positions(new() { EventTypes = [EventTypes.AnyCustom] }, "wh_own"));
        Assert.Equal([3, 1], await Positions(new() { EventTypes = [EventTypes.ChargerBoot, EventTypes.AnyCustom] }, "wh_own"));
        Assert.Empty(await Positions(new() { EventTypes = ["custom.a"] }, "wh_own"));

        async Task<IEnumerable<long>> Positions(DeliveryFilter filter, string webhook = Webhook) =>
            (await Deliveries.ListAsync(webhook, filter, null, 100)).Deliveries.Select(row => row.Position);
    }

    [Fact]
    public async Task ListAsync_FilterThatMatchesLittle_StopsLookingAndSaysWhereToGoOn()
    {
        const int Rows = IDeliveryLog.MostRowsLookedAt + 500;
        await WriteManyAsync(Rows, n => Make.Delivery(n, n is 1 or Rows ? DeliveryStatus.Exhausted : DeliveryStatus.Delivered, attempts: 0));
        DeliveryFilter exhausted = new() { Status = DeliveryStatus.Exhausted };

        var first = await Deliveries.ListAsync(Webhook, exhausted, null, 10);
        Assert.Equal(Rows, Assert.Single(first.Deliveries).Position);
        Assert.Equal(DeliveryId.Derive(Webhook, "evt_501", 501), first.Next);
        var second = await Deliveries.ListAsync(Webhook, exhausted, first.Next, 10);
        Assert.Equal(1, Assert.Single(second.Deliveries).Position);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task ListPendingAsync_Several_ThoseDueFirst()
    {
        await Deliveries.WriteAsync(
        [
            Make.Delivery(1, DeliveryStatus.Pending) with { NextAttemptAt = Make.Noon.AddMinutes(3) },
            Make.Delivery(2, DeliveryStatus.Pending) with { NextAttemptAt = Make.Noon.AddMinutes(1) },
            Make.Delivery(3, DeliveryStatus.Exhausted),
            Make.Delivery(4, DeliveryStatus.Pending) with { NextAttemptAt = Make.Noon.AddMinutes(1) },
            Make.Delivery(5, DeliveryStatus.Pending, webhook: "wh_two"),
        ]);

        Assert.Equal([2, 4, 1], (await Deliveries.ListPendingAsync(Webhook, 10)).Select(row => row.Position));
        Assert.Equal([2, 4], (await Deliveries.ListPendingAsync(Webhook, 2)).Select(row => row.Position));
        Assert.Equal(3, await Deliveries.CountPendingAsync(Webhook));
        await Deliveries.WriteAsync([Make.Delivery(4, attempts: 2)]);
        Assert.Equal([2, 1], (await Deliveries.ListPendingAsync(Webhook, 10)).Select(row => row.Position));
        Assert.Equal(2, await Deliveries.CountPendingAsync(Webhook));
        Assert.Equal(0, await Deliveries.CountPendingAsync("wh_none"));
    }

    [Fact]
    public async Task ListPositionsAsync_Range_LowestFirstWithoutTests()
    {
        await Deliveries.WriteAsync(
        [
            .. Enumerable.Range(1, 6).Select(n => Make.Delivery(n, n % 2 == 0 ? DeliveryStatus.Exhausted : DeliveryStatus.Delivered)),
            Make.Delivery(4) with { Id = DeliveryId.Derive(Webhook, "evt_again", 4) },
            Make.Delivery(7) with { EventType = EventTypes.WebhookTest },
            Make.Delivery(3, webhook: "wh_two"),
        ]);

        Assert.Equal([1, 2, 3, 4, 5, 6], await Deliveries.ListPositionsAsync(Webhook, 0, 100, 100));
        Assert.Equal([3, 4, 5], await Deliveries.ListPositionsAsync(Webhook, 2, 5, 100));
        Assert.Equal([3, 4], await Deliveries.ListPositionsAsync(Webhook, 2, 100, 2));
        Assert.Equal([2, 4, 6], await Deliveries.ListPositionsAsync(Webhook, 0, 100, 100, DeliveryStatus.Exhausted));
        Assert.Equal([1, 3, 4, 5], await Deliveries.ListPositionsAsync(Webhook, 0, 100, 100, DeliveryStatus.Delivered));
    }

    [Fact]
    public async Task ExpirePendingAsync_MoreThanABatch_EndsAllOfThatWebhook()
    {
        const int Rows = IDeliveryLog.Batch + 50;
        await WriteManyAsync(Rows, n => Make.Delivery(n, DeliveryStatus.Pending));
        await Deliveries.WriteAsync([Make.Delivery(Rows + 1), Make.Delivery(1, DeliveryStatus.Pending, webhook: "wh_two")]);

        Assert.Equal(Rows, await Deliveries.ExpirePendingAsync(Webhook, Make.Noon.AddHours(1)));
        Assert.Equal(0, await Deliveries.CountPendingAsync(Webhook));
        Assert.Empty(await Deliveries.ListPendingAsync(Webhook, 10));
        var ended = await FindAsync(1);
        Assert.Equal((DeliveryStatus.Expired, Make.Noon.AddHours(1), (DateTimeOffset?)null, 1), (ended!.Status, ended.UpdatedAt, ended.NextAttemptAt, ended.Attempts.Count));
        Assert.Equal(DeliveryStatus.Delivered, (await FindAsync(Rows + 1))!.Status);
        Assert.Equal(1, await Deliveries.CountPendingAsync("wh_two"));
        Assert.Equal(0, await Deliveries.ExpirePendingAsync(Webhook, Make.Noon.AddHours(2)));
    }

    [Fact]
    public async Task RemoveAsync_MoreThanABatch_ForgetsThatWebhookOnly()
    {
        await WriteManyAsync(IDeliveryLog.Batch + 50, n => Make.Delivery(n, n % 2 == 0 ? DeliveryStatus.Pending : DeliveryStatus.Delivered));
        await Deliveries.WriteAsync([Make.Delivery(1, webhook: "wh_two")]);
        await Deliveries.RemoveAsync(Webhook);
        Reopen();

        Assert.Empty((await Deliveries.ListAsync(Webhook, new(), null, 10)).Deliveries);
        Assert.Equal(0, await Deliveries.CountPendingAsync(Webhook));
        Assert.Single((await Deliveries.ListAsync("wh_two", new(), null, 10)).Deliveries);
    }

    [Fact]
    public async Task DeleteExpiredAsync_TimeIsOver_DeletesWhatHasEnded()
    {
        await WriteManyAsync(IDeliveryLog.Batch + 50, n => Make.Delivery(n) with { ExpiresAt = Make.Noon.AddSeconds(n) });
        await Deliveries.WriteAsync(
        [
            Make.Delivery(1001, DeliveryStatus.Pending) with { ExpiresAt = Make.Noon },
            Make.Delivery(1002, DeliveryStatus.Superseded) with { ExpiresAt = Make.Noon.AddDays(1) },
            Make.Delivery(1003, DeliveryStatus.Exhausted, webhook: "wh_two") with { ExpiresAt = Make.Noon },
        ]);

        Assert.Equal(IDeliveryLog.Batch, await Deliveries.DeleteExpiredAsync(Make.Noon.AddHours(1)));
        Assert.Equal(51, await Deliveries.DeleteExpiredAsync(Make.Noon.AddHours(1)));
        Assert.Equal(0, await Deliveries.DeleteExpiredAsync(Make.Noon.AddHours(1)));
        Assert.Equal([1002, 1001], (await Deliveries.ListAsync(Webhook, new(), null, 10)).Deliveries.Select(row => row.Position));
        Assert.Empty((await Deliveries.ListAsync("wh_two", new(), null, 10)).Deliveries);

        await Deliveries.ExpirePendingAsync(Webhook, Make.Noon); // now it has ended, too
        Assert.Equal(1, await Deliveries.DeleteExpiredAsync(Make.Noon.AddHours(1)));
    }

    private async Task WriteManyAsync(int rows, Func<int, DeliveryRecord> row)
    {
        foreach (var batch in Enumerable.Range(1, rows).Chunk(256))
        {
            await Deliveries.WriteAsync([.. batch.Select(row)]);
        }
    }

    private ValueTask<DeliveryRecord?> FindAsync(long position) => Deliveries.FindAsync(Webhook, DeliveryId.Derive(Webhook, $"evt_{position}", position));

    private static (DeliveryStatus Status, int Attempts) Standing(DeliveryRecord? row) => (row!.Status, row.AttemptCount);
}
