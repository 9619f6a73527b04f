using Capacitor.Grains.Chargers;

namespace Capacitor.Grains.Tests.Chargers;

public sealed class GatewayLeasesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly GatewayLeases _leases = new(TimeSpan.FromSeconds(30));

    [Fact]
    public void FindDead_NeverHeardOf_HasItsTimeFromNowOn()
    {
        Assert.Empty(_leases.FindDead(["a"], Noon));
        Assert.Empty(_leases.FindDead(["a"], Noon.AddSeconds(29)));
        Assert.Equal(["a"], _leases.FindDead(["a"], Noon.AddSeconds(30)));
    }

    [Fact]
    public void FindDead_OneThatRenews_IsAliveForAsLongAsItDoes()
    {
        for (var second = 0; second <= 120; second += 29)
        {
            _leases.Renew("a", Noon.AddSeconds(second));
            Assert.Empty(_leases.FindDead(["a"], Noon.AddSeconds(second + 28)));
        }
    }

    [Fact]
    public void FindDead_SilentBeforeItsChargersAreListed_CountsFromItsLastSign()
    {
        _leases.Renew("a", Noon);
        Assert.Equal(["a"], _leases.FindDead(["a", "b"], Noon.AddSeconds(31)));
    }

    [Fact]
    public void FindDead_AfterALongSleepOfItsOwn_GivesEverybodyTheirTimeAgain()
    {
        _leases.Look(Noon);
        _leases.Renew("a", Noon);
        _leases.Look(Noon.AddSeconds(31));
        Assert.Empty(_leases.FindDead(["a"], Noon.AddSeconds(31)));
        Assert.Equal(["a"], _leases.FindDead(["a"], Noon.AddSeconds(61)));
    }

    [Fact]
    public void FindDead_LooksAsOftenAsItShould_FindsTheSilentOne()
    {
        _leases.Renew("a", Noon);
        for (var second = 0; second <= 30; second += 5)
        {
            _leases.Look(Noon.AddSeconds(second));
        }

        Assert.Equal(["a"], _leases.FindDead(["a"], Noon.AddSeconds(30)));
    }

    [Fact]
    public void FindDead_DeadAndWithoutChargers_IsForgotten()
    {
        _leases.Renew("a", Noon);
        Assert.Empty(_leases.FindDead([], Noon.AddSeconds(60)));
        Assert.Empty(_leases.FindDead(["a"], Noon.AddSeconds(60))); // known no more, so it has its time again
    }

    [Theory]
    [InlineData(0, 3, 1)]
    [InlineData(6, 6, 2)]
    [InlineData(30, 30, 5)]
    public void Length_OfAGrace_IsNeverShorterThanARenewalMayTake(int grace, int length, int renewal)
    {
        var leases = new GatewayLeases(TimeSpan.FromSeconds(grace));
        Assert.Equal((length, renewal), ((int)leases.Length.TotalSeconds, (int)leases.Renewal.TotalSeconds));
    }
}
