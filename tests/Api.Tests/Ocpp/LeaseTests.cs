using Capacitor.Api.Ocpp;
using Capacitor.Chargers;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Api.Tests.Ocpp;

/// <summary>When an Api is ready, by what it hears from the cluster.</summary>
public sealed class LeaseTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lease _lease;

    public LeaseTests() => _lease = new Lease(_time);

    [Fact]
    public void Problem_BeforeTheFirstRenewal_IsTheCluster() => Assert.Equal("cluster_unreachable", _lease.Problem);

    [Fact]
    public void Problem_RenewalsMissedForAsLongAsATakeOverTakes_IsNone()
    {
        Renew();
        _time.Advance(TimeSpan.FromSeconds(5 + 12 + 4)); // due, a hung silo is declared dead, and the call that waited for it is made again
        Assert.Null(_lease.Problem);
    }

    [Fact]
    public void Problem_SilenceForMostOfTheGrace_IsTheClusterUntilTheNextRenewal()
    {
        Renew();
        _time.Advance(TimeSpan.FromSeconds(24));
        Assert.Equal("cluster_unreachable", _lease.Problem);
        Renew();
        Assert.Null(_lease.Problem);
    }

    [Fact]
    public void Problem_OfALongLease_ComesBeforeChargersGiveUp()
    {
        Renew(length: 3600);
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("cluster_unreachable", _lease.Problem);
    }

    [Fact]
    public void Problem_TheClusterCannotWrite_IsTheJournal()
    {
        Renew(writable: false);
        Assert.Equal("journal_unavailable", _lease.Problem);
        Renew();
        Assert.Null(_lease.Problem);
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public void Renew_AfterSilence_MayHaveLapsedOnceTheLeaseIsOver(int seconds, bool lapsed)
    {
        Assert.False(Renew());
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(lapsed, _lease.Renew(asked, Terms(30, true)));
    }

    [Fact]
    public void Renew_LongUnderWay_IsCountedFromWhenItWasAskedFor()
    {
        Renew();
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(24));
        _lease.Renew(asked, Terms(30, true));
        Assert.Equal("cluster_unreachable", _lease.Problem);
    }

    private bool Renew(int length = 30, bool writable = true) => _lease.Renew(_time.GetTimestamp(), Terms(length, writable));

    private static GatewayTerms Terms(int length, bool writable) =>
        new() { Renewal = TimeSpan.FromSeconds(5), Length = TimeSpan.FromSeconds(length), JournalIsWritable = writable };
}
