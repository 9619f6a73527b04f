using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What becomes of attempts that are under way when a webhook's pump ends.</summary>
public sealed class PumpEndTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly TaskCompletionSource<int> _status = new();
    private PumpParts _parts = null!;
    private WebhookReceiver _receiver = null!;
    private DeliveryPump _pump = null!;

    public async Task InitializeAsync()
    {
        _parts = new PumpParts(time: _time);
        _receiver = await WebhookReceiver.StartAsync(async (context, _) => context.Response.StatusCode = await _status.Task);
        _pump = _parts.Pump(PumpParts.Settings(_receiver.Url) with { Policy = new WebhookPolicy { Retry = new RetryPolicy { MaxAttempts = 3 } } });
        var item = _parts.Journal.Append("A");
        _pump.Offer(0, 1, [item]);
        await _receiver.WaitForAsync(1);
    }

    public async Task DisposeAsync()
    {
        await _parts.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Pause_TheAttemptUnderWayFails_StaysPendingWithItsAttemptsLeft()
    {
        var stopped = _pump.StopAsync(TimeSpan.FromMinutes(1));
        Assert.False(stopped.IsCompleted);
        _status.SetResult(500);
        await stopped;

        var row = Assert.Single(_parts.Deliveries.All);
        Assert.Equal((DeliveryStatus.Pending, 1, 3), (row.Status, row.AttemptCount, row.Budget));
        Assert.NotNull(row.NextAttemptAt);
    }

    [Fact]
    public async Task Pause_TheAttemptUnderWaySucceeds_IsDelivered()
    {
        var stopped = _pump.StopAsync(TimeSpan.FromMinutes(1));
        _status.SetResult(200);
        await stopped;

        Assert.Equal(DeliveryStatus.Delivered, Assert.Single(_parts.Deliveries.All).Status);
        Assert.Equal(1, _pump.Position);
    }

    [Fact]
    public async Task Rest_DoesNotWaitForTheAttemptUnderWay_AndItExpires()
    {
        await _pump.StopAsync(TimeSpan.FromMinutes(1), PumpEnd.Rest);
        Assert.Empty(_parts.Deliveries.All);
        _status.SetResult(500);

        await _parts.Deliveries.UntilAsync(() => _parts.Deliveries.All is [{ Status: DeliveryStatus.Expired, AttemptCount: 1 }]);
    }

    [Fact]
    public async Task Remove_PutsNothingOnRecordAnyMore()
    {
        await _pump.StopAsync(TimeSpan.FromMinutes(1), PumpEnd.Remove);
        _status.SetResult(200);
        await _parts.Deliveries.UntilAsync(() => _pump.InFlight == 0);

        await _parts.Log.FlushAsync();
        Assert.Empty(_parts.Deliveries.All);
    }
}
