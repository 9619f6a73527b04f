using System.Collections.Concurrent;
using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class DeliveryPumpTests
{
    [Fact]
    public async Task Offer_ManyChargers_PostsEachInOrderAndOnceAndOneAtATime()
    {
        var underWay = new ConcurrentDictionary<string, int>();
        var overlaps = 0;
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.When(async webhook =>
        {
            var charger = Charger(parts, webhook);
            if (underWay.AddOrUpdate(charger, 1, (_, count) => count + 1) > 1)
            {
                Interlocked.Increment(ref overlaps);
            }

            await Task.Yield();
            underWay.AddOrUpdate(charger, 0, (_, count) => count - 1);
        }));
        var pump = parts.Pump(receiver.Url);
        for (var slice = 0; slice < 20; slice++)
        {
            pump.Offer(slice * 50, (slice + 1) * 50, Append(parts, 50, chargers: 7));
        }

        var received = await receiver.WaitForAsync(1_000);
        Assert.Equal(1_000, received.Select(webhook => webhook.Id).Distinct().Count());
        Assert.Equal(0, overlaps);
        Assert.All(received.GroupBy(webhook => Charger(parts, webhook)), ofOne => Assert.Equal(ofOne.OrderBy(Position), ofOne));
        await UntilPositionAsync(pump, 1_000);
        Assert.Equal(0, parts.Journal.Reads);
    }

    [Fact]
    public async Task Offer_OneChargerIsHeldUp_OthersGoOnAndThePositionWaits()
    {
        var gate = new TaskCompletionSource();
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.When(webhook => webhook.Id == "evt_1" ? gate.Task : Task.CompletedTask));
        var pump = parts.Pump(receiver.Url);
        pump.Offer(0, 30, Append(parts, 30, chargers: 3));

        var received = await receiver.WaitForAsync(21);
        Assert.Single(received, webhook => Charger(parts, webhook) == "C0");
        Assert.Equal(0, pump.Position);
        gate.SetResult();
        await receiver.WaitForAsync(30);
        await UntilPositionAsync(pump, 30);
    }

    [Fact]
    public async Task Offer_AnotherEndpointHangs_DelaysNothing()
    {
        await using var parts = new PumpParts();
        await using var hung = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        await using var healthy = await WebhookReceiver.StartAsync();
        var stuck = parts.Pump(hung.Url, id: "wh_hung");
        var pump = parts.Pump(healthy.Url, id: "wh_healthy");
        var events = Append(parts, 2_000, chargers: 200);
        stuck.Offer(0, 2_000, events);
        await hung.WaitForAsync(EndpointHealth.FirstWindow);
        pump.Offer(0, 2_000, events);

        await healthy.WaitForAsync(2_000);
        Assert.Equal(EndpointHealth.FirstWindow, hung.Received.Count);
        Assert.Equal((0L, EndpointHealth.FirstWindow, 2_000), (stuck.Position, stuck.InFlight, stuck.Waiting));
    }

    [Fact]
    public async Task Offer_MoreThanFits_KeepsWhatFitsAndReadsTheRestFromTheJournal()
    {
        var gate = new TaskCompletionSource();
        await using var parts = new PumpParts(options => options.MaxWaitingEvents = 100);
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.When(_ => gate.Task));
        var pump = parts.Pump(receiver.Url);
        for (var slice = 0; slice < 100; slice++)
        {
            pump.Offer(slice * 10, (slice + 1) * 10, Append(parts, 10, chargers: 10));
        }

        Assert.Equal(100, pump.Waiting);
        gate.SetResult();
        var received = await receiver.WaitForAsync(1_000);
        await UntilPositionAsync(pump, 1_000);
        Assert.Equal(1_000, received.Select(webhook => webhook.Id).Distinct().Count());
        Assert.All(received.GroupBy(webhook => Charger(parts, webhook)), ofOne => Assert.Equal(ofOne.OrderBy(Position), ofOne));
        Assert.True(parts.Journal.Reads > 0);
    }

    [Fact]
    public async Task Offer_LargeBodies_AreBoundByTheirBytes()
    {
        await using var parts = new PumpParts(options => options.MaxWaitingBytes = 100_000);
        await using var hung = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        var pump = parts.Pump(hung.Url);
        for (var i = 0; i < 10; i++)
        {
            pump.Offer(i, i + 1, [parts.Journal.Append("A", size: 30_000)]);
        }

        Assert.Equal(4, pump.Waiting);
    }

    [Fact]
    public async Task Offer_AfterAGap_ReadsWhatWasMissedFirst()
    {
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync();
        var pump = parts.Pump(receiver.Url);
        var events = Append(parts, 600, chargers: 1);
        pump.Offer(597, 600, [.. events.Skip(597)]);

        var received = await receiver.WaitForAsync(600);
        Assert.Equal(Enumerable.Range(1, 600).Select(position => $"evt_{position}"), received.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Offer_SeenBefore_IsNotPostedAgain()
    {
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync();
        var pump = parts.Pump(receiver.Url);
        var events = Append(parts, 10, chargers: 1);
        pump.Offer(0, 5, [.. events.Take(5)]);
        pump.Offer(0, 5, [.. events.Take(5)]);
        pump.Offer(3, 10, [.. events.Skip(3)]);

        await receiver.WaitForAsync(10);
        await UntilPositionAsync(pump, 10);
        Assert.Equal(10, receiver.Received.Count);
    }

    [Fact]
    public async Task CatchUp_JournalFailsAtFirst_TriesAgain()
    {
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync();
        Append(parts, 3, chargers: 1);
        parts.Journal.FailingReads = 2;
        var pump = parts.Pump(receiver.Url, position: 1);
        pump.CatchUp(3);

        var received = await receiver.WaitForAsync(2);
        Assert.Equal(["evt_2", "evt_3"], received.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task CatchUp_FilteredTypes_PostsThoseOnlyAndPassesTheOthers()
    {
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync();
        parts.Journal.Append("A", EventTypes.ChargerBoot);
        parts.Journal.Append("A", EventTypes.TransactionStarted);
        parts.Journal.Append("A", EventTypes.ChargerBoot);
        var pump = parts.Pump(receiver.Url, events: EventTypes.TransactionStarted);
        pump.CatchUp(3);

        await receiver.WaitForAsync(1);
        await UntilPositionAsync(pump, 3);
        Assert.Equal(["evt_2"], receiver.Received.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Answers500_IsNotTriedAgainAndTheNextFollows()
    {
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Text(500, "no"));
        var pump = parts.Pump(receiver.Url);
        pump.Offer(0, 5, Append(parts, 5, chargers: 1));

        await receiver.WaitForAsync(5);
        await UntilPositionAsync(pump, 5);
        Assert.Equal(["evt_1", "evt_2", "evt_3", "evt_4", "evt_5"], receiver.Received.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Answers_NoneInFiveSeconds_LetTheNextFollow()
    {
        var time = new FakeTimeProvider();
        await using var parts = new PumpParts(time: time);
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        var pump = parts.Pump(receiver.Url);
        pump.Offer(0, 2, Append(parts, 2, chargers: 1));
        await receiver.WaitForAsync(1);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("evt_2", (await receiver.WaitForAsync(2))[1].Id);
        Assert.Equal(1, pump.Position);
    }

    [Fact]
    public async Task Logs_FailuresAndRecovery_TellEachOnceAndNoSecrets()
    {
        var time = new FakeTimeProvider();
        using var lines = new LogLines();
        await using var parts = new PumpParts(time: time, logs: lines);
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Status(503));
        var pump = parts.Pump(new Uri(receiver.Url, "/hooks/p4th?token=t0ken"), secret: "s3cret");
        pump.Offer(0, 3, Append(parts, 3, chargers: 1));
        await UntilPositionAsync(pump, 3);
        receiver.Answer = ReceiverAnswers.Status(200);
        time.Advance(TimeSpan.FromSeconds(2));
        pump.Offer(3, 5, Append(parts, 2, chargers: 1));
        await UntilPositionAsync(pump, 5);

        Assert.Equal([LogLevel.Information, LogLevel.Debug, LogLevel.Debug, LogLevel.Information], lines.All.Select(line => line.Level));
        Assert.Contains("503", lines.All[0].Text, StringComparison.Ordinal);
        Assert.All([lines.All[0], lines.All[3]], line => Assert.Contains(receiver.Url.GetLeftPart(UriPartial.Authority), line.Text, StringComparison.Ordinal));
        Assert.Contains("takes events again", lines.All[3].Text, StringComparison.Ordinal);
        Assert.All(lines.All, line => Assert.DoesNotMatch("s3cret|t0ken|p4th", line.Text));
    }

    [Fact]
    public async Task Change_NewUrl_TakesWhatWaits()
    {
        var gate = new TaskCompletionSource();
        await using var parts = new PumpParts();
        await using var before = await WebhookReceiver.StartAsync(ReceiverAnswers.When(_ => gate.Task));
        await using var after = await WebhookReceiver.StartAsync();
        var pump = parts.Pump(before.Url);
        pump.Offer(0, 3, Append(parts, 3, chargers: 1));
        await before.WaitForAsync(1);
        var settings = PumpParts.Settings(after.Url);
        pump.Change(new WebhookTarget(settings), new EventFilter(settings.Events));
        gate.SetResult();

        Assert.Equal(["evt_2", "evt_3"], (await after.WaitForAsync(2)).Select(webhook => webhook.Id));
        Assert.Single(before.Received);
    }

    [Fact]
    public async Task Stop_EventsWait_StartsNoMoreAndKeepsThePosition()
    {
        var gate = new TaskCompletionSource();
        await using var parts = new PumpParts();
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.When(webhook => webhook.Id == "evt_2" ? gate.Task : Task.CompletedTask));
        var pump = parts.Pump(receiver.Url);
        pump.Offer(0, 5, Append(parts, 5, chargers: 1));
        await receiver.WaitForAsync(2);
        var stopped = pump.StopAsync(TimeSpan.FromSeconds(30));
        gate.SetResult();
        await stopped;

        Assert.Equal((2L, 2), (pump.Position, receiver.Received.Count));
        var restarted = parts.Pump(receiver.Url, position: pump.Position);
        restarted.CatchUp(5);
        Assert.Equal(["evt_1", "evt_2", "evt_3", "evt_4", "evt_5"], (await receiver.WaitForAsync(5)).Select(webhook => webhook.Id));
    }

    private static List<JournalEvent> Append(PumpParts parts, int count, int chargers) =>
        [.. Enumerable.Range(0, count).Select(i => parts.Journal.Append("C" + (i % chargers)))];

    private static int Position(ReceivedWebhook webhook) => int.Parse(webhook.Id["evt_".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private static string Charger(PumpParts parts, ReceivedWebhook webhook) => parts.Journal[Position(webhook)].ChargeBoxId.Value;

    // The end of the last request is known to the receiver a moment before it is known to the pump.
    private static async Task UntilPositionAsync(DeliveryPump pump, long position)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (pump.Position != position && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            await Task.Yield();
        }

        Assert.Equal(position, pump.Position);
    }
}
