using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Who may send when the process has as much under way as it may have.</summary>
public sealed class SendSlotsTests : IAsyncLifetime
{
    private const int Most = 8;

    private readonly PumpParts _parts = new(options => options.MaxInFlight = Most);
    private WebhookReceiver _hung = null!;
    private WebhookReceiver _healthy = null!;

    public async Task InitializeAsync()
    {
        _hung = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        _healthy = await WebhookReceiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _parts.DisposeAsync();
        await _hung.DisposeAsync();
        await _healthy.DisposeAsync();
    }

    [Fact]
    public async Task HungEndpoints_HaveHalfOfWhatIsShared_AndOneEach()
    {
        var pumps = Enumerable.Range(1, 6).Select(n => Pump(_hung, $"wh_{n}", $"t{n}")).ToList();
        pumps.ForEach(pump => Offer(pump, 20));

        await _hung.WaitForAsync((Most / 2) + pumps.Count);
        Assert.Equal(Most / 2, _parts.Slots.InUse);
        Assert.Equal((Most / 2) + pumps.Count, pumps.Sum(pump => pump.InFlight));
    }

    [Fact]
    public async Task AnotherTenantsEndpointsHang_AHealthyOneIsServedAtOnce()
    {
        foreach (var n in Enumerable.Range(1, 20))
        {
            Offer(Pump(_hung, $"wh_{n}", "dead"), 20);
        }

        await _hung.WaitForAsync(20);
        var healthy = Pump(_healthy, "wh_healthy", "alive");
        Offer(healthy, 500);

        await _healthy.WaitForAsync(500);
        await UntilAsync(() => !healthy.IsBusy);
    }

    [Fact]
    public async Task MoreWantToSendThanMay_EveryEventIsSentInTheEnd()
    {
        var pumps = Enumerable.Range(1, 30).Select(n => Pump(_healthy, $"wh_{n}", $"t{n % 7}")).ToList();
        pumps.ForEach(pump => Offer(pump, 50));

        await _healthy.WaitForAsync(30 * 50);
        await UntilAsync(() => pumps.TrueForAll(pump => !pump.IsBusy));
        Assert.Equal(0, _parts.Slots.InUse);
    }

    [Fact]
    public void TryTake_OneTenant_HasHalf()
    {
        var busy = Pump(_healthy, "wh_1", "a");
        var other = Pump(_healthy, "wh_2", "b");
        Assert.All(Enumerable.Range(0, Most / 2), _ => Assert.True(_parts.Slots.TryTake(busy, [SlotClass.Live], isFirst: false, isProven: true, out var slot)));
        Assert.False(_parts.Slots.TryTake(busy, [SlotClass.Live], isFirst: false, isProven: true, out _));
        Assert.True(_parts.Slots.TryTake(busy, [SlotClass.Live], isFirst: true, isProven: true, out _)); // its own
        Assert.True(_parts.Slots.TryTake(other, [SlotClass.Live], isFirst: false, isProven: true, out _) || other.IsWaiting);
    }

    [Theory]
    [InlineData((int)SlotClass.Retry, Most / 2)]
    [InlineData((int)SlotClass.Replay, Most / 4)]
    public void TryTake_OfAClass_HasItsShare(int of, int share)
    {
        var pumps = Enumerable.Range(1, Most).Select(n => Pump(_healthy, $"wh_{n}", $"t{n}")).ToList();
        Assert.Equal(share, pumps.Count(pump => _parts.Slots.TryTake(pump, [(SlotClass)of], isFirst: false, isProven: true, out _)));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
    }

    private DeliveryPump Pump(WebhookReceiver receiver, string id, string tenant) =>
        _parts.Pump(PumpParts.Settings(receiver.Url, id) with { Tenant = new TenantId(tenant) });

    private void Offer(DeliveryPump pump, int count)
    {
        var events = Enumerable.Range(0, count).Select(n => _parts.Journal.Append($"C{n}")).ToList();
        pump.Offer(0, events[^1].Position, events);
    }
}
