using System.Text;
using Capacitor.Messages;
using Capacitor.Storage.Messages;

namespace Capacitor.Storage.Tests.Messages;

/// <summary>What every backend promises of the message log; see <see cref="IMessageLog"/>. Derived once per backend.</summary>
public abstract class MessagePromises
{
    private static readonly DateTimeOffset Noon = Blocks.Noon;

    private protected abstract IMessageLog Log { get; }

    private protected abstract IMessageLog Reopen();

    [Fact]
    public async Task List_WhatWasWritten_IsAsItWas()
    {
        await WriteAsync(new Blocks()
            .Add(Noon, """[2,"a","BootNotification",{"chargePointVendor":"Ä"}]""", MessageDirection.In, MessageKind.Call, "BootNotification", "a")
            .Add(Noon.AddMilliseconds(3), """[3,"a",{}]""", MessageDirection.Out, MessageKind.Result, "BootNotification", "a", 3000)
            .Add(Noon.AddSeconds(1), "[4,\"b\",\"InternalError\",\"\",{}]", MessageDirection.In, MessageKind.Error, null, "b", 0)
            .Add(Noon.AddSeconds(2), "\0 no frame", MessageDirection.In, MessageKind.Unreadable, null, null, isCut: true));

        var page = await Log.ListAsync(Blocks.Charger, new(), MessagePosition.End, 10);
        Assert.Null(page.Next);
        Assert.Equal(
            [
                (2000, MessageDirection.In, MessageKind.Unreadable, null, null, null, "\0 no frame", true),
                (1000, MessageDirection.In, MessageKind.Error, null, "b", 0, """[4,"b","InternalError","",{}]""", false),
                (3, MessageDirection.Out, MessageKind.Result, "BootNotification", "a", 3.0, """[3,"a",{}]""", false),
                (0, MessageDirection.In, MessageKind.Call, "BootNotification", "a", (double?)null, """[2,"a","BootNotification",{"chargePointVendor":"Ä"}]""", false),
            ],
            page.Messages.Select(one => (
                (int)(MessagePosition.At(one.Position) - Noon).TotalMilliseconds, one.Direction, one.Kind, one.Action, one.MessageId, one.Latency?.TotalMilliseconds,
                Encoding.UTF8.GetString(one.Text.Span), one.IsCut)));
        Assert.Equal(Encoding.UTF8.GetByteCount("""[2,"a","BootNotification",{"chargePointVendor":"Ä"}]"""), page.Messages[3].Size);
    }

    [Fact]
    public async Task List_OtherCharger_SeesNothing()
    {
        await WriteAsync(new Blocks().Exchange(Noon, "a").Exchange(Noon, "b", charger: "chg_2"));

        Assert.Equal(["b", "b"], (await Log.ListAsync("chg_2", new(), MessagePosition.End, 10)).Messages.Select(one => one.MessageId));
        Assert.Empty((await Log.ListAsync("chg_3", new(), MessagePosition.End, 10)).Messages);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task List_PageByPage_LeavesNothingOutAndRepeatsNothing(int limit)
    {
        // Several writes, several days, and packs that overlap since two gateways wrote them.
        List<string> expected = [];
        foreach (var day in new[] { -2, -1, 0 })
        {
            Blocks[] gateways = [new(), new()];
            for (var n = 0; n < 20; n++)
            {
                var id = $"{day}.{n}";
                gateways[n % 2].Exchange(Noon.AddDays(day).AddSeconds(n), id);
                expected.AddRange([$"call {id}", $"result {id}"]);
            }

            await WriteAsync(gateways[0]);
            await WriteAsync(gateways[1]);
        }

        expected.Reverse();
        Assert.Equal(expected, await PageAsync(new(), limit));
        Assert.Equal(expected.Where(one => one.StartsWith("call", StringComparison.Ordinal)), await PageAsync(new() { Direction = MessageDirection.In }, limit));
    }

    [Fact]
    public async Task List_AcrossMidnight_IsInOrder()
    {
        var midnight = new DateTimeOffset(2026, 2, 7, 0, 0, 0, TimeSpan.Zero);
        await WriteAsync(new Blocks().Exchange(midnight.AddSeconds(-1), "before").Exchange(midnight, "after"));

        Assert.Equal(["result after", "call after", "result before", "call before"], await PageAsync(new(), 10));
    }

    [Fact]
    public async Task List_Filters_LetThroughWhatTheyName()
    {
        var blocks = new Blocks();
        for (var n = 0; n < 10; n++)
        {
            blocks.Exchange(Noon.AddMinutes(n), $"{n}", n % 2 == 0 ? "Heartbeat" : "MeterValues");
        }

        await WriteAsync(blocks);

        Assert.Equal(["9", "7", "5", "3", "1"], await IdsAsync(new() { Action = "MeterValues", Direction = MessageDirection.Out }));
        Assert.Equal(["4", "3"], await IdsAsync(new() { Direction = MessageDirection.In, From = Noon.AddMinutes(3), To = Noon.AddMinutes(5) }));
        Assert.Empty(await IdsAsync(new() { Action = "Reset" }));
        Assert.Empty(await IdsAsync(new() { From = Noon.AddYears(1) }));
        Assert.Empty(await IdsAsync(new() { To = Noon.AddYears(-100) }));
        Assert.Equal(20, (await IdsAsync(new() { From = DateTimeOffset.MinValue, To = DateTimeOffset.MaxValue })).Length);
    }

    [Fact]
    public async Task List_FilterThatLetsNothingThrough_StopsNowAndThenAndFindsItInTheEnd()
    {
        await WriteAsync(new Blocks().Exchange(Noon.AddHours(-1), "needle", "Reset"));
        for (var n = 0; n < 3; n++)
        {
            var blocks = new Blocks();
            for (var i = 0; i < 5000; i++)
            {
                blocks.Exchange(Noon.AddMinutes(n).AddMilliseconds(i * 2), "hay");
            }

            await WriteAsync(blocks);
        }

        MessageFilter filter = new() { Action = "Reset" };
        var first = await Log.ListAsync(Blocks.Charger, filter, MessagePosition.End, 10);
        Assert.Empty(first.Messages);
        Assert.NotNull(first.Next);
        Assert.Equal(["result needle", "call needle"], await PageAsync(filter, 10));
    }

    [Fact]
    public async Task Write_Twice_IsThereOnce()
    {
        var blocks = new Blocks().Exchange(Noon, "a").Exchange(Noon.AddHours(1), "b").Make();
        await Log.WriteAsync(blocks, Blocks.Kept());
        await Log.WriteAsync(blocks, Blocks.Kept());

        Assert.Equal(["result b", "call b", "result a", "call a"], await PageAsync(new(), 10));
    }

    [Fact]
    public async Task Write_Nothing_IsNoFault()
    {
        await Log.WriteAsync([], Blocks.Kept());
        await Log.WriteAsync(new Blocks().Make(), Blocks.Kept());

        Assert.Empty(await PageAsync(new(), 10));
    }

    [Fact]
    public async Task Write_ManyAtOnce_AllAreThere()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Log.WriteAsync(new Blocks().Exchange(Noon.AddSeconds(n), $"{n}").Make(), Blocks.Kept())));

        Assert.Equal(40, (await PageAsync(new(), 1000)).Count);
    }

    [Fact]
    public async Task List_AfterReopening_StillTells()
    {
        await WriteAsync(new Blocks().Exchange(Noon, "a"));
        _ = Reopen();
        await WriteAsync(new Blocks().Exchange(Noon.AddSeconds(5), "b"));

        Assert.Equal(["result b", "call b", "result a", "call a"], await PageAsync(new(), 10));
    }

    [Fact]
    public async Task DeleteExpired_EachTenantsDaysAreKept()
    {
        await WriteAsync(new Blocks().Exchange(Noon, "mine").Exchange(Noon, "theirs", charger: "chg_2", tenant: "other").Exchange(Noon.AddDays(1), "next"));

        await Log.DeleteExpiredAsync(Noon.AddDays(3).AddHours(11));
        Assert.Equal(["next", "next", "mine", "mine"], await IdsAsync(new()));

        Assert.True(await Log.DeleteExpiredAsync(Noon.AddDays(4)) > 0);
        Assert.Equal(["next", "next"], await IdsAsync(new()));
        Assert.Equal(2, (await Log.ListAsync("chg_2", new(), MessagePosition.End, 10)).Messages.Count);

        await Log.DeleteExpiredAsync(Noon.AddDays(15));
        Assert.Empty((await Log.ListAsync("chg_2", new(), MessagePosition.End, 10)).Messages);
        Assert.Equal(0, await Log.DeleteExpiredAsync(Noon.AddDays(15)));
    }

    [Fact]
    public async Task Write_TierChangedMeanwhile_ListIsStillInOrder()
    {
        await Log.WriteAsync(new Blocks().Exchange(Noon, "a").Make(), Blocks.Kept(3));
        await Log.WriteAsync(new Blocks().Exchange(Noon.AddSeconds(1), "b").Make(), Blocks.Kept(14));
        await Log.WriteAsync(new Blocks().Exchange(Noon.AddSeconds(2), "c").Make(), Blocks.Kept(1));

        Assert.Equal(["result c", "call c", "result b", "call b", "result a", "call a"], await PageAsync(new(), 1));
    }

    private protected Task WriteAsync(Blocks blocks) => Log.WriteAsync(blocks.Make(), Blocks.Kept());

    private async Task<List<string>> PageAsync(MessageFilter filter, int limit)
    {
        List<string> found = [];
        long? before = MessagePosition.End;
        while (before is { } from)
        {
            var page = await Log.ListAsync(Blocks.Charger, filter, from, limit);
            Assert.True(page.Messages.Count <= limit);
            found.AddRange(page.Messages.Select(one => $"{(one.Kind == MessageKind.Call ? "call" : "result")} {one.MessageId}"));
            before = page.Next;
        }

        return found;
    }

    private async Task<string[]> IdsAsync(MessageFilter filter) =>
        [.. (await Log.ListAsync(Blocks.Charger, filter, MessagePosition.End, 100)).Messages.Select(one => one.MessageId!)];
}
