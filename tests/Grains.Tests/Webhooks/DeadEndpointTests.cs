using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>An endpoint that is away for long: what waits for it stays in the journal, and goes out in order when it is back.</summary>
public sealed class DeadEndpointTests : IAsyncLifetime
{
    private const int Chargers = 40;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 6, 12, 0, 0, TimeSpan.Zero));
    private PumpParts _parts = null!;
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _parts = new PumpParts(time: _time);
        _receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
    }

    public async Task DisposeAsync()
    {
        await _parts.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Hangs_KeepsAlmostNothingInMemory_AndDeliversTheRestInOrderWhenItIsBack()
    {
        const int Events = 3_000;
        var pump = _parts.Pump(_receiver.Url);
        Offer(pump, Events);
        await _receiver.WaitForAsync(EndpointHealth.FirstWindow);
        await UntilLeftAloneAsync(pump);
        Offer(pump, Events); // while it is away

        Assert.True(pump.Waiting <= EndpointHealth.FirstWindow, $"{pump.Waiting} events are in memory.");
        Assert.True(pump.IsBusy);
        var attempted = _receiver.Received.Count;
        _receiver.Answer = ReceiverAnswers.Status(200);

        await DrainAsync(pump, TimeSpan.FromSeconds(70));
        Assert.Equal(2 * Events, pump.Position);
        var rows = _parts.Deliveries.All;
        Assert.Equal(2 * Events, rows.Count);
        Assert.All(rows, row => Assert.True(row is { AttemptCount: 1, Status: DeliveryStatus.Delivered or DeliveryStatus.Exhausted }));
        Assert.InRange(rows.Count(row => row.Status == DeliveryStatus.Exhausted), EndpointHealth.TripUnheardAfter, 8); // those that found it hung
        Assert.All(_receiver.Received.GroupBy(webhook => webhook.Id), of => Assert.Single(of));
        Assert.All(
            _receiver.Received.Skip(attempted).GroupBy(webhook => _parts.Journal[Position(webhook)].ChargeBoxId),
            of => Assert.Equal(of.OrderBy(Position), of));
    }

    [Fact]
    public async Task Hangs_IsAskedWithOneEventNowAndThen()
    {
        var pump = _parts.Pump(_receiver.Url);
        Offer(pump, 500);
        await _receiver.WaitForAsync(EndpointHealth.FirstWindow);
        await UntilLeftAloneAsync(pump);
        var attempted = _receiver.Received.Count;
        for (var probe = 1; probe <= 5; probe++)
        {
            await _parts.Deliveries.UntilAsync(pump.ToString, () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _receiver.Received.Count > attempted;
            });
            Assert.Equal((attempted + 1, 1), (_receiver.Received.Count, pump.InFlight));
            attempted++;
        }

        Assert.Equal("open", pump.ReadHealth().Status);
    }

    [Fact]
    public async Task Hangs_SpendsNoAttemptsOfWhatWaits()
    {
        var pump = _parts.Pump(PumpParts.Settings(_receiver.Url) with { Policy = new WebhookPolicy { Retry = new RetryPolicy { MaxAttempts = 2 } } });
        Offer(pump, 200);
        await _receiver.WaitForAsync(EndpointHealth.FirstWindow);
        await UntilLeftAloneAsync(pump);
        _time.Advance(TimeSpan.FromHours(5));
        await UntilLeftAloneAsync(pump);
        _receiver.Answer = ReceiverAnswers.Status(200);

        await DrainAsync(pump, TimeSpan.FromHours(5));
        Assert.Equal((200L, 0), (pump.Position, pump.Pending));
        Assert.Equal(200, _parts.Deliveries.All.Count);
        Assert.InRange(_parts.Deliveries.All.Count(row => row.Status == DeliveryStatus.Exhausted), 0, 5); // those that were twice the one to find out
    }

    private static int Position(ReceivedWebhook webhook) => int.Parse(webhook.Id["evt_".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private Task DrainAsync(DeliveryPump pump, TimeSpan step)
    {
        _time.Advance(TimeSpan.FromSeconds(5)); // for one that began before the endpoint was back
        return _parts.Deliveries.UntilAsync(pump.ToString, () =>
        {
            if (pump.InFlight == 0)
            {
                _time.Advance(step);
            }

            return !pump.IsBusy;
        });
    }

    private async Task UntilLeftAloneAsync(DeliveryPump pump)
    {
        while (!pump.IsOpen || pump.InFlight > 0)
        {
            _time.Advance(TimeSpan.FromSeconds(5)); // what an attempt may take
            await _parts.Deliveries.UntilAsync(() => pump.InFlight == 0 || pump.InFlight > 0);
            await Task.Yield();
        }
    }

    private void Offer(DeliveryPump pump, int count)
    {
        var events = new List<JournalEvent>();
        for (var i = 0; i < count; i++)
        {
            events.Add(_parts.Journal.Append("C" + (i % Chargers)));
        }

        pump.Offer(events[0].Position - 1, events[^1].Position, events);
    }
}
