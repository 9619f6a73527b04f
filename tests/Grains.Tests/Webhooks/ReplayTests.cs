using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Replays beside live events, and longer than one page of the journal.</summary>
public sealed class ReplayTests
{
    private const string IsReplay = "capacitor-replay";

    [Fact]
    public async Task Replay_EveryPostOfItHangs_LiveEventsOfTheSameChargersAreDelivered()
    {
        const int Replayed = 300;
        const int Live = 100;
        var gate = new TaskCompletionSource();
        var (came, live, allLive) = (new TaskCompletionSource(), 0, new TaskCompletionSource());
        await using var parts = new PumpParts(Patient);
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.When(webhook =>
        {
            if (webhook.Headers.ContainsKey(IsReplay))
            {
                came.TrySetResult();
                return gate.Task;
            }

            if (Interlocked.Increment(ref live) == Live)
            {
                allLive.SetResult();
            }

            return Task.CompletedTask;
        }));
        Append(parts, Replayed, chargers: 50);
        var pump = parts.Pump(receiver.Url, position: Replayed);
        var ended = Begin(pump, Replayed);
        await came.Task.WaitAsync(Patience);

        pump.Offer(Replayed, Replayed + Live, Append(parts, Live, chargers: 50));
        await allLive.Task.WaitAsync(Patience);

        Assert.InRange(receiver.Received.Count(webhook => webhook.Headers.ContainsKey(IsReplay)), 1, 16); // and none of them was answered
        gate.SetResult();
        Assert.Equal((Replayed, Replayed, 0), Counts(await ended.WaitAsync(Patience)));
        Assert.Equal(Replayed + Live, receiver.Received.Select(webhook => webhook.Id).Distinct().Count());
    }

    [Fact]
    public async Task Replay_SlowEndpoint_LiveEventsArriveBeforeItsRest()
    {
        const int Replayed = 300;
        const int Live = 60;
        var gate = new TaskCompletionSource();
        await using var parts = new PumpParts(Patient);
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.When(_ => gate.Task));
        Append(parts, Replayed, chargers: 100);
        var pump = parts.Pump(receiver.Url, position: Replayed);
        var ended = Begin(pump, Replayed);
        await receiver.WaitForAsync(1);

        pump.Offer(Replayed, Replayed + Live, Append(parts, Live, chargers: Live));
        gate.SetResult();

        await ended.WaitAsync(Patience);
        var received = await receiver.WaitForAsync(Replayed + Live);
        var lastLive = received.ToList().FindLastIndex(webhook => !webhook.Headers.ContainsKey(IsReplay));

        // Those of the replay that were under way already, and some that overtook a live one on its way.
        Assert.InRange(lastLive, Live - 1, Live + 40);
    }

    [Fact]
    public async Task Replay_OfManyPages_SendsEachOnceAndInTheOrderOfItsCharger()
    {
        const int Count = 1_000;
        await using var parts = new PumpParts(Patient);
        await using var receiver = await WebhookReceiver.StartAsync();
        Append(parts, Count, chargers: 7);
        var pump = parts.Pump(receiver.Url, position: Count);

        var ended = await Begin(pump, Count).WaitAsync(Patience);

        Assert.Equal((Count, Count, 0), Counts(ended));
        Assert.Equal((ReplayStatus.Completed, (long)Count), (ended.Status, ended.Position));
        var positions = receiver.Received.Select(webhook => int.Parse(webhook.Id[4..])).ToList();
        Assert.Equal(Enumerable.Range(1, Count), positions.Order());
        Assert.All(positions.GroupBy(position => position % 7), ofOne => Assert.Equal(ofOne.Order(), ofOne));
        await parts.Deliveries.UntilAsync(() => parts.Deliveries.All.Count(row => row is { Status: DeliveryStatus.Delivered, Attempts: [{ Trigger: AttemptTrigger.Replay }] }) == Count);
    }

    [Fact]
    public async Task Replay_OfWhatWasMissedInManyPages_LeavesOutWhatWasDelivered()
    {
        const int Count = 1_000;
        int[] missed = [1, 2, 255, 256, 257, 511, 512, 513, 600, 999, 1_000];
        await using var parts = new PumpParts(Patient);
        await using var receiver = await WebhookReceiver.StartAsync();
        var events = Append(parts, Count, chargers: 7);
        await parts.Deliveries.WriteAsync(
            [.. events.Where(item => item.Position != 600).Select(item => Row(item, missed.Contains((int)item.Position) ? DeliveryStatus.Exhausted : DeliveryStatus.Delivered))]);
        var pump = parts.Pump(receiver.Url, position: Count);

        var ended = await Begin(pump, Count, new() { MissedOnly = true }).WaitAsync(Patience);

        Assert.Equal((missed.Length, missed.Length, 0), Counts(ended));
        Assert.Equal(missed, receiver.Received.Select(webhook => int.Parse(webhook.Id[4..])).Order());
    }

    [Fact]
    public async Task Replay_DryOfManyPages_CountsAndSendsNothing()
    {
        const int Count = 1_000;
        await using var parts = new PumpParts(Patient);
        await using var receiver = await WebhookReceiver.StartAsync();
        Append(parts, Count, chargers: 7);

        var count = parts.Count(receiver.Url, Count, new() { DryRun = true });
        await count.RunAsync().WaitAsync(Patience);

        Assert.Equal(ReplayStatus.Completed, count.Now().Status);
        Assert.Equal((Count, 0, 0), Counts(count.Now()));
        Assert.Empty(receiver.Received);
        Assert.Empty(parts.Deliveries.All);
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What hangs, hangs for the whole of a test; and no test waits for the pace.
    private static void Patient(WebhookOptions options)
    {
        options.Timeout = TimeSpan.FromMinutes(1);
        options.ReplayRate = 100_000;
    }

    private static IReadOnlyList<JournalEvent> Append(PumpParts parts, int count, int chargers) =>
        [.. Enumerable.Range(0, count).Select(i => parts.Journal.Append($"C{(i + 1) % chargers}"))];

    private static Task<Replay> Begin(DeliveryPump pump, long upTo, ReplayRequest? request = null)
    {
        var ended = new TaskCompletionSource<Replay>(TaskCreationOptions.RunContinuationsAsynchronously);
        pump.OnReplayed = ended.SetResult;
        pump.Begin(new Replay
        {
            Id = "rpl_1",
            Request = request ?? new(),
            Status = ReplayStatus.Running,
            After = 0,
            UpTo = upTo,
            Position = 0,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        });
        return ended.Task;
    }

    private static (long Matched, long Delivered, long Failed) Counts(Replay replay) => (replay.Matched, replay.Delivered, replay.Failed);

    private static DeliveryRecord Row(JournalEvent item, DeliveryStatus status) => new()
    {
        Id = DeliveryId.Derive("wh_1", item.Id, item.Position),
        WebhookId = "wh_1",
        Tenant = TenantId.Default,
        Position = item.Position,
        EventId = item.Id,
        EventType = item.Type,
        ChargeBoxId = item.ChargeBoxId,
        EventAt = item.At,
        Status = status,
        CreatedAt = item.At,
        UpdatedAt = item.At,
        AttemptCount = 1,
        Budget = 1,
        ExpiresAt = item.At.AddDays(30),
    };
}
