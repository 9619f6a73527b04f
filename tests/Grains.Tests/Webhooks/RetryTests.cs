using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What becomes of an event whose attempt failed, on a clock of the test's own.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 6, 12, 0, 0, TimeSpan.Zero));
    private PumpParts _parts = null!;
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _parts = new PumpParts(time: _time);
        _receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Status(500));
    }

    public async Task DisposeAsync()
    {
        await _parts.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Fails_NoPolicy_IsExhaustedAfterOneAttempt()
    {
        var pump = Pump(WebhookPolicy.Documented);
        Offer(pump, 1, "A");
        await EndedAsync(DeliveryStatus.Exhausted);
        _time.Advance(TimeSpan.FromDays(1));

        var row = Assert.Single(_parts.Deliveries.All);
        Assert.Equal((1, 1, 500, "rejected"), (row.AttemptCount, row.Budget, row.Attempts[0].Status, row.Attempts[0].Outcome));
        Assert.Single(_receiver.Received);
        Assert.Equal((1L, 0), (pump.Position, pump.Pending));
    }

    [Fact]
    public async Task Fails_TenAttempts_FollowsTheScheduleToItsEnd()
    {
        var pump = Pump(Retrying(10));
        Offer(pump, 1, "A");
        TimeSpan[] schedule =
        [
            TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
            TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
        ];
        for (var attempt = 1; attempt <= schedule.Length; attempt++)
        {
            await PendingAsync(attempt);
            var wait = _parts.Deliveries.All[0].NextAttemptAt!.Value - _time.GetUtcNow();
            Assert.InRange(wait, schedule[attempt - 1] * 0.9, schedule[attempt - 1] * 1.1);
            _time.Advance(wait - TimeSpan.FromMilliseconds(10));
            Assert.Equal(attempt, _receiver.Received.Count);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await EndedAsync(DeliveryStatus.Exhausted);
        var row = Assert.Single(_parts.Deliveries.All);
        Assert.Equal(10, row.AttemptCount);
        Assert.Equal(Enumerable.Range(1, 10), row.Attempts.Select(attempt => attempt.Number));
        Assert.Equal(["evt_1"], _receiver.Received.Select(webhook => webhook.Id).Distinct());
    }

    [Fact]
    public async Task FailsAndThenTakesIt_IsDelivered()
    {
        var pump = Pump(Retrying(3));
        Offer(pump, 1, "A");
        await PendingAsync(1);
        Assert.Equal((1L, 1), (pump.Position, pump.Pending)); // on record, so that the position may pass it
        _receiver.Answer = ReceiverAnswers.Status(200);
        _time.Advance(TimeSpan.FromSeconds(6));

        await EndedAsync(DeliveryStatus.Delivered);
        Assert.Equal([500, 200], _parts.Deliveries.All[0].Attempts.Select(attempt => attempt.Status!.Value));
        Assert.Equal(0, pump.Pending);
    }

    [Fact]
    public async Task Fails_LaterEventsOfTheChargerGoOn()
    {
        _receiver.Answer = Refusing("evt_1");
        var pump = Pump(Retrying(2));
        Offer(pump, 3, "A");

        await UntilAsync(() => _parts.Deliveries.All.Count(row => row.Status == DeliveryStatus.Delivered) == 2);
        Assert.Equal(["evt_1", "evt_2", "evt_3"], _receiver.Received.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Fails_Strict_HoldsUpItsChargerOnlyAndUntilItIsDelivered()
    {
        _receiver.Answer = Refusing("evt_1");
        var pump = Pump(Retrying(3) with { StrictOrder = true });
        Offer(pump, 4, "A", "B");

        await UntilAsync(() => _parts.Deliveries.All is [{ Status: DeliveryStatus.Pending }, ..] rows && rows.Count(row => row.Status == DeliveryStatus.Delivered) == 2);
        Assert.Equal(["evt_2", "evt_4"], _receiver.Received.Select(webhook => webhook.Id).Where(id => id != "evt_1"));
        _receiver.Answer = ReceiverAnswers.Status(200);
        _time.Advance(TimeSpan.FromSeconds(6));
        await UntilAsync(() => _parts.Deliveries.All.All(row => row.Status == DeliveryStatus.Delivered) && _parts.Deliveries.All.Count == 4);
        Assert.Equal(["evt_1", "evt_3"], _receiver.Received.Select(webhook => webhook.Id).TakeLast(2));
        Assert.All(_receiver.Received, webhook => Assert.False(webhook.Headers.ContainsKey("capacitor-gap")));
    }

    [Fact]
    public async Task Fails_StrictForLongerThanAllowed_LetsTheNextGo()
    {
        _receiver.Answer = Refusing("evt_1");
        var pump = Pump(Retrying(3) with { StrictOrder = true, StrictFor = TimeSpan.FromMinutes(1) });
        Offer(pump, 2, "A");
        await PendingAsync(1);
        _time.Advance(TimeSpan.FromSeconds(6)); // the second attempt fails, the third is minutes away
        await PendingAsync(2);
        Assert.DoesNotContain(_receiver.Received, webhook => webhook.Id == "evt_2");
        _time.Advance(TimeSpan.FromSeconds(55));

        await UntilAsync(() => _parts.Deliveries.All.Any(row => row.Status == DeliveryStatus.Delivered));
        Assert.Equal("evt_2", _receiver.Received[^1].Id);
    }

    [Fact]
    public async Task RetryAfter_LongerThanTheSchedule_IsObeyedForTheWholeEndpoint()
    {
        _receiver.Answer = ReceiverAnswers.RetryAfter(503, "120");
        var pump = Pump(Retrying(3));
        Offer(pump, 1, "A");
        await PendingAsync(1);
        Offer(pump, 1, "B");
        _receiver.Answer = ReceiverAnswers.Status(200);
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Single(_receiver.Received);
        _time.Advance(TimeSpan.FromSeconds(40));

        await UntilAsync(() => _parts.Deliveries.All.Count(row => row.Status == DeliveryStatus.Delivered) == 2);
        Assert.Equal(3, _receiver.Received.Count);
    }

    [Fact]
    public async Task Gone_EndsItAndAttemptsNothingMore()
    {
        _receiver.Answer = ReceiverAnswers.Status(410);
        var pump = Pump(Retrying(5));
        Offer(pump, 1, "A");
        await EndedAsync(DeliveryStatus.Exhausted);
        Offer(pump, 3, "A", "B", "C");
        await UntilAsync(() => pump.IsGone && pump.InFlight == 0);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Single(_receiver.Received);
        Assert.Equal((1L, true), (pump.Position, pump.IsBusy)); // what came after stays in the journal
    }

    [Fact]
    public async Task Restart_TakesUpWhatIsPending_AndSendsNothingThatIsDoneAgain()
    {
        _receiver.Answer = Refusing("evt_1");
        var pump = Pump(Retrying(2));
        Offer(pump, 3, "A");
        await UntilAsync(() => _parts.Deliveries.All.Count == 3);
        await pump.StopAsync(TimeSpan.FromSeconds(5));
        var seen = _receiver.Received.Count;
        _receiver.Answer = ReceiverAnswers.Status(200);

        var again = Pump(Retrying(2)); // as if the position had not been saved
        again.Restore(
            await _parts.Deliveries.ListPendingAsync("wh_1", 10), await _parts.Deliveries.ListPositionsAsync("wh_1", 0, long.MaxValue, 100));
        again.CatchUp(3);
        _time.Advance(TimeSpan.FromSeconds(6));
        await UntilAsync(() => _parts.Deliveries.All.All(row => row.Status == DeliveryStatus.Delivered));
        Assert.Equal(["evt_1"], _receiver.Received.Skip(seen).Select(webhook => webhook.Id));
        Assert.Equal(3, again.Position);
    }

    [Fact]
    public async Task LogIsAway_PositionWaitsForIt()
    {
        _receiver.Answer = ReceiverAnswers.Status(200);
        _parts.Deliveries.FailingWrites = 1;
        var pump = Pump(WebhookPolicy.Documented);
        Offer(pump, 1, "A");
        await _receiver.WaitForAsync(1);
        await UntilAsync(() => _parts.Deliveries.FailingWrites <= 0);
        Assert.Equal((0L, true), (pump.Position, pump.IsBusy));
        _time.Advance(TimeSpan.FromSeconds(1));

        await EndedAsync(DeliveryStatus.Delivered);
        await UntilAsync(() => pump.Position == 1);
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task TooOld_ExpiresUnattempted()
    {
        var pump = Pump(WebhookPolicy.Documented);
        var item = _parts.Journal.Append("A");
        _time.Advance(TimeSpan.FromDays(4));
        pump.Offer(0, 1, [item]);

        await EndedAsync(DeliveryStatus.Expired);
        Assert.Empty(_receiver.Received);
        Assert.Equal(0, _parts.Deliveries.All[0].AttemptCount);
    }

    [Fact]
    public async Task Redeliver_AnExhaustedOne_MakesOneMoreAttempt()
    {
        var pump = Pump(WebhookPolicy.Documented);
        Offer(pump, 1, "A");
        await EndedAsync(DeliveryStatus.Exhausted);
        var row = _parts.Deliveries.All[0] with { Status = DeliveryStatus.Pending, Budget = 2, NextAttemptAt = _time.GetUtcNow() };
        await _parts.Deliveries.WriteAsync([row]);
        pump.Redeliver(row);

        await UntilAsync(() => _parts.Deliveries.All[0] is { Status: DeliveryStatus.Exhausted, AttemptCount: 2 });
        Assert.Equal([AttemptTrigger.Auto, AttemptTrigger.Manual], _parts.Deliveries.All[0].Attempts.Select(attempt => attempt.Trigger));
    }

    [Theory]
    [InlineData(EventTypes.ConnectorStatusChanged, "connectorId")]
    [InlineData(EventTypes.TransactionUpdated, "transactionId")]
    public async Task Conflate_WhileABacklogWaits_SendsTheNewestOfASubject(string type, string member)
    {
        var gate = new TaskCompletionSource();
        _receiver.Answer = ReceiverAnswers.When(_ => gate.Task);
        var pump = Pump(new WebhookPolicy { Conflate = [type] });
        var events = new[] { 1, 1, 2, 1, 1 }.Select(subject => _parts.Journal.Append(
            "A", type, body: $$"""{"event":"x","data":{"chargeBoxId":"A","{{member}}":{{subject}} } }""")).ToList();
        pump.Offer(0, 1, [events[0]]);
        await _receiver.WaitForAsync(1);
        pump.Offer(1, 5, events[1..]);
        gate.SetResult();

        await UntilAsync(() => _parts.Deliveries.All.Count == 5 && _parts.Deliveries.All.All(row => row.Status != DeliveryStatus.Pending));
        Assert.Equal(["evt_1", "evt_3", "evt_5"], _receiver.Received.Select(webhook => webhook.Id));
        Assert.Equal([2L, 4L], _parts.Deliveries.All.Where(row => row.Status == DeliveryStatus.Superseded).Select(row => row.Position));
        await UntilAsync(() => pump.Position == 5);
    }

    private static WebhookPolicy Retrying(int attempts) => new() { Retry = new RetryPolicy { MaxAttempts = attempts } };

    private static ReceiverAnswer Refusing(string id) =>
        ReceiverAnswers.StatusOf(webhook => webhook.Id == id ? 500 : 200);

    private DeliveryPump Pump(WebhookPolicy policy) => _parts.Pump(PumpParts.Settings(_receiver.Url) with { Policy = policy });

    private void Offer(DeliveryPump pump, int count, params string[] chargers)
    {
        var events = Enumerable.Range(0, count).Select(i => _parts.Journal.Append(chargers[i % chargers.Length])).ToList();
        pump.Offer(events[0].Position - 1, events[^1].Position, events);
    }

    private Task PendingAsync(int attempts) =>
        UntilAsync(() => _parts.Deliveries.All is [{ Status: DeliveryStatus.Pending } row, ..] && row.AttemptCount == attempts);

    private Task EndedAsync(DeliveryStatus status) => UntilAsync(() => _parts.Deliveries.All is [var row, ..] && row.Status == status);

    private Task UntilAsync(Func<bool> isSo) => _parts.Deliveries.UntilAsync(isSo);
}
