using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Endpoints that were never heard begin one after another.</summary>
public sealed class StartLineTests : IAsyncLifetime
{
    private const int Webhooks = StartLine.Places + 20;

    private readonly FakeTimeProvider _time = new();
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
    public async Task AllHang_SoManyBeginAtATime_AndTheNextOnesAFifthOfASecondLater()
    {
        var pumps = Begin();
        await _receiver.WaitForAsync(StartLine.Places);
        Assert.Equal(StartLine.Places, pumps.Sum(pump => pump.InFlight));

        _time.Advance(TimeSpan.FromMilliseconds(250));
        await _receiver.WaitForAsync(Webhooks);
        Assert.All(pumps, pump => Assert.True(pump.InFlight > 0));
    }

    [Fact]
    public async Task TheyAnswer_AllBeginWithoutATimeGoingBy()
    {
        _receiver.Answer = ReceiverAnswers.Status(200);
        var pumps = Begin();

        await _receiver.WaitForAsync(Webhooks);
        await _parts.Deliveries.UntilAsync(() => pumps.TrueForAll(pump => !pump.IsBusy));
    }

    [Fact]
    public async Task Hangs_SaysThatItWouldKeepNothing_AndThoseThatAnswerDoNot()
    {
        var pump = _parts.Pump(_receiver.Url);
        var events = Enumerable.Range(0, 5).Select(n => _parts.Journal.Append($"C{n}")).ToList();
        pump.Offer(0, 5, events);
        await _receiver.WaitForAsync(EndpointHealth.FirstWindow);
        Assert.Null(pump.Rest);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(pump.Rest);

        await using var healthy = await WebhookReceiver.StartAsync();
        var other = _parts.Pump(healthy.Url, id: "wh_2");
        other.Offer(0, 5, events);
        await healthy.WaitForAsync(5);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _parts.Deliveries.UntilAsync(() => !other.IsBusy);
        Assert.Null(other.Rest);
    }

    private List<DeliveryPump> Begin()
    {
        var item = _parts.Journal.Append("C");
        var pumps = Enumerable.Range(1, Webhooks).Select(n => _parts.Pump(_receiver.Url, id: $"wh_{n}")).ToList();
        pumps.ForEach(pump => pump.Offer(0, 1, [item]));
        return pumps;
    }
}
