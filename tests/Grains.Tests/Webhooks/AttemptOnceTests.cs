using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Retries, redeliveries and replays that meet: a delivery has one attempt at a time, and each attempt a number of its own.</summary>
public sealed class AttemptOnceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 6, 12, 0, 0, TimeSpan.Zero));
    private PumpParts _parts = null!;
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _parts = new PumpParts(options => options.MaxPending = 4, _time);
        _receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Status(500));
    }

    public async Task DisposeAsync()
    {
        await _parts.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Redeliver_WhileARetryIsUnderWay_WaitsForItsEnd()
    {
        var pump = Pump(Retrying(3));
        Offer(pump, 1, "A");
        await PendingAsync(1);
        var (status, gate) = (new TaskCompletionSource<int>(), _receiver.Received.Count);
        _receiver.Answer = async (context, _) => context.Response.StatusCode = await status.Task;
        _time.Advance(TimeSpan.FromSeconds(6));
        await _receiver.WaitForAsync(gate + 1);
        var row = _parts.Deliveries.All[0];
        await _parts.Deliveries.WriteAsync([row with { NextAttemptAt = _time.GetUtcNow() }]);
        pump.Redeliver(row);
        Assert.Equal((1, gate + 1), (pump.InFlight, _receiver.Received.Count));
        status.SetResult(500);

        await UntilAsync(() => _parts.Deliveries.All[0] is { AttemptCount: 3, Status: DeliveryStatus.Exhausted });
        Assert.Equal([1, 2, 3], _parts.Deliveries.All[0].Attempts.Select(attempt => attempt.Number));
        Assert.Equal(AttemptTrigger.Manual, _parts.Deliveries.All[0].Attempts[2].Trigger);
    }

    [Fact]
    public async Task Redeliver_WhileTheLastAttemptIsUnderWay_IsMadeAfterIt()
    {
        var pump = Pump(Retrying(2));
        Offer(pump, 1, "A");
        await PendingAsync(1);
        var status = new TaskCompletionSource<int>();
        _receiver.Answer = async (context, _) => context.Response.StatusCode = await status.Task;
        _time.Advance(TimeSpan.FromSeconds(6));
        await _receiver.WaitForAsync(2);
        pump.Redeliver(_parts.Deliveries.All[0]);
        status.SetResult(500);

        await _parts.Deliveries.UntilAsync(pump.ToString, () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(300));
            return _parts.Deliveries.All[0] is { AttemptCount: 3, Status: DeliveryStatus.Exhausted };
        });
    }

    [Fact]
    public async Task Replay_DeliversWhatWaitsForARetry_TheRetryIsNotMade()
    {
        var pump = Pump(Retrying(3));
        Offer(pump, 1, "A");
        await PendingAsync(1);
        _receiver.Answer = ReceiverAnswers.Status(200);
        pump.Begin(Replay(upTo: 1));

        await UntilAsync(() => _parts.Deliveries.All[0].Status == DeliveryStatus.Delivered && pump.Pending == 0);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, _receiver.Received.Count);
        Assert.Equal([AttemptTrigger.Auto, AttemptTrigger.Replay], _parts.Deliveries.All[0].Attempts.Select(attempt => attempt.Trigger));
    }

    [Fact]
    public async Task Replay_FailsWhatWaitsForARetry_SpendsNoneOfItsAttempts()
    {
        var pump = Pump(Retrying(2));
        Offer(pump, 1, "A");
        await PendingAsync(1);
        pump.Begin(Replay(upTo: 1));
        await UntilAsync(() => _parts.Deliveries.All[0] is { AttemptCount: 2, Status: DeliveryStatus.Pending });
        _time.Advance(TimeSpan.FromMinutes(10));

        await UntilAsync(() => _parts.Deliveries.All[0] is { AttemptCount: 3, Status: DeliveryStatus.Exhausted });
        Assert.Equal([1, 2, 3], _parts.Deliveries.All[0].Attempts.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task Gap_IsSaidByEveryAttemptOfTheEventThatCarriesIt_AfterARestartToo()
    {
        var pump = Pump(Retrying(5) with { StrictOrder = true, StrictFor = TimeSpan.FromSeconds(2) });
        Offer(pump, 2, "A"); // the second is let go after two seconds, without the first
        await PendingAsync(1);
        _time.Advance(TimeSpan.FromSeconds(3));
        await UntilAsync(() => _parts.Deliveries.All is [_, { AttemptCount: 1, Status: DeliveryStatus.Pending }]);
        await pump.StopAsync(TimeSpan.FromSeconds(5));
        var again = Pump(Retrying(5) with { StrictOrder = true, StrictFor = TimeSpan.FromSeconds(2) }, position: 2);
        again.Restore(await _parts.Deliveries.ListPendingAsync("wh_1", 10), []);
        _time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => _parts.Deliveries.All is [_, { AttemptCount: 2 }]);

        Assert.Equal(["evt_1", "evt_1"], _receiver.Received.Where(webhook => webhook.Id == "evt_2").Select(webhook => webhook.Headers["capacitor-gap"]));
        Assert.Equal(["evt_1", "evt_1"], _parts.Deliveries.All[1].Attempts.Select(attempt => attempt.Gap));
    }

    [Fact]
    public async Task Restart_MorePendingThanFitInMemory_AreAllTakenUp()
    {
        var pump = Pump(Retrying(2));
        var events = Enumerable.Range(0, 12).Select(i => _parts.Journal.Append($"C{i}")).ToList();
        await _parts.Deliveries.WriteAsync([.. events.Select(PendingRow)]);
        _receiver.Answer = ReceiverAnswers.Status(200);
        pump.Restore(await _parts.Deliveries.ListPendingAsync("wh_1", 4), [], mayBeMore: true);

        await _parts.Deliveries.UntilAsync(pump.ToString, () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(300));
            return _parts.Deliveries.All.All(row => row.Status == DeliveryStatus.Delivered) && !pump.IsBusy;
        });
        Assert.Equal(12, _receiver.Received.Count);
    }

    [Fact]
    public async Task LeftAlone_EventsOfHeldUpChargersComeFirst_AnotherOneFindsOut()
    {
        var pump = Pump(Retrying(10) with { StrictOrder = true });
        _receiver.Answer = ReceiverAnswers.Hang;
        Offer(pump, 3, "A", "B", "C");
        await _parts.Deliveries.UntilAsync(pump.ToString, () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return pump is { IsOpen: true, InFlight: 0 };
        });
        var seen = _receiver.Received.Count;
        Offer(pump, 7, "A", "B", "C", "A", "B", "C", "D"); // those of A, B and C wait for their retries
        _receiver.Answer = ReceiverAnswers.StatusOf(webhook => webhook.Id == "evt_10" ? 200 : 500);

        await _parts.Deliveries.UntilAsync(pump.ToString, () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            return _receiver.Received.Skip(seen).Any(webhook => webhook.Id == "evt_10");
        });
    }

    [Fact]
    public async Task Conflate_IsSwitchedOffAndOn_SupersedesNothingThatIsUnderWay()
    {
        var gate = new TaskCompletionSource();
        _receiver.Answer = ReceiverAnswers.When(_ => gate.Task);
        var settings = PumpParts.Settings(_receiver.Url) with { Policy = new WebhookPolicy { Conflate = [EventTypes.ConnectorStatusChanged] } };
        var pump = _parts.Pump(settings);
        var events = Enumerable.Range(0, 3).Select(_ => _parts.Journal.Append("A", body: """{"event":"x","data":{"connectorId":1} }""")).ToList();
        pump.Offer(0, 1, events[..1]);
        await _receiver.WaitForAsync(1);
        pump.Offer(1, 2, events[1..2]);
        pump.Change(new WebhookTarget(settings with { Policy = WebhookPolicy.Documented }), new EventFilter([EventTypes.Any]));
        pump.Change(new WebhookTarget(settings), new EventFilter([EventTypes.Any]));
        pump.Offer(2, 3, events[2..]);
        gate.SetResult();

        await UntilAsync(() => _parts.Deliveries.All.Count(row => row.Status == DeliveryStatus.Delivered) == 3 && !pump.IsBusy);
        Assert.Equal(["evt_1", "evt_2", "evt_3"], _receiver.Received.Select(webhook => webhook.Id));
    }

    private static WebhookPolicy Retrying(int attempts) => new() { Retry = new RetryPolicy { MaxAttempts = attempts } };

    private DeliveryPump Pump(WebhookPolicy policy, long position = 0) => _parts.Pump(PumpParts.Settings(_receiver.Url) with { Policy = policy }, position);

    private void Offer(DeliveryPump pump, int count, params string[] chargers)
    {
        var events = Enumerable.Range(0, count).Select(i => _parts.Journal.Append(chargers[i % chargers.Length])).ToList();
        pump.Offer(events[0].Position - 1, events[^1].Position, events);
    }

    private Replay Replay(long upTo) => new()
    {
        Id = "rpl_1", Request = new ReplayRequest(), Status = ReplayStatus.Running, After = 0, UpTo = upTo, Position = 0, CreatedAt = _time.GetUtcNow(),
    };

    private DeliveryRecord PendingRow(JournalEvent item) => new()
    {
        Id = DeliveryId.Derive("wh_1", item.Id, item.Position), WebhookId = "wh_1", Tenant = item.Tenant, Position = item.Position, EventId = item.Id, EventType = item.Type,
        ChargeBoxId = item.ChargeBoxId, EventAt = item.At, Status = DeliveryStatus.Pending, CreatedAt = item.At, UpdatedAt = item.At, NextAttemptAt = item.At, AttemptCount = 1,
        Budget = 2, ExpiresAt = item.At + TimeSpan.FromDays(30),
    };

    private Task PendingAsync(int attempts) =>
        UntilAsync(() => _parts.Deliveries.All is [{ Status: DeliveryStatus.Pending } row, ..] && row.AttemptCount == attempts);

    private Task UntilAsync(Func<bool> isSo) => _parts.Deliveries.UntilAsync(isSo);
}
