using Capacitor.Grains.Webhooks;
using Capacitor.Webhooks;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What is made of an endpoint's answers.</summary>
public sealed class EndpointHealthTests
{
    private static readonly WebhookPolicy Retrying = new() { Retry = new RetryPolicy { MaxAttempts = 5 } };

    private readonly FakeTimeProvider _time = new();
    private readonly WebhookOptions _options = new();
    private readonly EndpointHealth _health;

    public EndpointHealthTests() => _health = new EndpointHealth(_options, _time);

    [Fact]
    public void Takes_EveryEvent_LetsTheWindowGrowToTheLimit()
    {
        Assert.Equal(2, Allowance);
        for (var i = 0; i < 126; i++)
        {
            Report(new DeliveryOutcome.Delivered(200), underWay: _health.Window);
        }

        Assert.Equal((128, true), (Allowance, _health.IsProven));
        Report(new DeliveryOutcome.Delivered(200), underWay: 128);
        Assert.Equal(128, Allowance);
    }

    [Fact]
    public void Takes_FewAtATime_LeavesTheWindow()
    {
        Warm();
        for (var i = 0; i < 100; i++)
        {
            Report(new DeliveryOutcome.Delivered(200), underWay: 1);
        }

        Assert.Equal(16, Allowance);
    }

    [Fact]
    public void TimesOut_ManyThatWereUnderWayTogether_HalvesOnce()
    {
        Warm();
        var began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 5; i++)
        {
            Report(DeliveryOutcome.TimedOut.Instance, began: began);
        }

        Assert.Equal(8, Allowance);
        Report(DeliveryOutcome.TimedOut.Instance);
        Assert.Equal(4, Allowance);
    }

    [Fact]
    public void TakesEventsAgainAfterACut_GrowsByOneAWindow()
    {
        Warm();
        Report(DeliveryOutcome.TimedOut.Instance);
        for (var i = 0; i < 8; i++)
        {
            Report(new DeliveryOutcome.Delivered(200), underWay: 8);
        }

        Assert.InRange(_health.Window, 8, 9);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public void AnswersBadly_WithoutAPolicy_IsAskedForEveryEvent(int status)
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(Report(new DeliveryOutcome.Rejected(status)));
        }

        Assert.True(!_health.IsOpen && Allowance > 0);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(500, false)]
    [InlineData(404, false)]
    public void AnswersBadly_WithAPolicy_IsLeftAloneWhenItIsOverloaded(int status, bool pauses)
    {
        Report(new DeliveryOutcome.Rejected(status), policy: Retrying);
        Assert.Equal(pauses, Blocked is not null);
        Assert.False(_health.IsOpen);
    }

    [Fact]
    public void AsksForAPause_WithAPolicy_GetsIt()
    {
        Report(new DeliveryOutcome.Rejected(503), policy: Retrying, retryAfter: TimeSpan.FromSeconds(100));
        Assert.InRange(Blocked!.Value, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(110)); // no less than it asked for
        _time.Advance(TimeSpan.FromSeconds(111));
        Assert.Null(Blocked);
    }

    [Fact]
    public void AsksForADay_GetsAnHour()
    {
        Report(new DeliveryOutcome.Rejected(503), policy: Retrying, retryAfter: TimeSpan.FromDays(1));
        Assert.InRange(Blocked!.Value, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(66));
    }

    [Fact]
    public void Fails_TenInARow_IsLeftAloneAndAskedNowAndThen()
    {
        Warm();
        for (var i = 0; i < 9; i++)
        {
            Assert.False(Report(DeliveryOutcome.TimedOut.Instance));
        }

        Assert.True(Report(DeliveryOutcome.TimedOut.Instance));
        Assert.Equal((true, 0), (_health.IsOpen, Allowance));
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            Assert.InRange(Blocked!.Value.TotalSeconds, seconds * 0.75, seconds * 1.25);
            _time.Advance(TimeSpan.FromSeconds(seconds * 1.25));
            Assert.Equal(1, Allowance);
            Assert.False(Report(DeliveryOutcome.TimedOut.Instance));
        }
    }

    [Fact]
    public void NeverAnswered_ThreeInARow_IsLeftAlone()
    {
        Assert.False(Report(DeliveryOutcome.TimedOut.Instance));
        Assert.False(Report(DeliveryOutcome.TimedOut.Instance));
        Assert.True(Report(DeliveryOutcome.TimedOut.Instance));
    }

    [Fact]
    public void AnswersBadly_WithoutAPolicyAndLeftAlone_IsAskedForEveryEventAgain()
    {
        for (var i = 0; i < 3; i++)
        {
            Report(DeliveryOutcome.TimedOut.Instance);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Report(new DeliveryOutcome.Rejected(500));
        Assert.True(!_health.IsOpen && Allowance > 0);
        Assert.NotNull(_health.FailingSince);
    }

    [Fact]
    public void LeftAlone_AndStillOverloaded_IsAskedLessAndLessOften()
    {
        for (var i = 0; i < EndpointHealth.TripAfter; i++)
        {
            Report(new DeliveryOutcome.Rejected(503), policy: Retrying);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        foreach (var seconds in new[] { 2, 4, 8 })
        {
            Report(new DeliveryOutcome.Rejected(503), policy: Retrying);
            Assert.InRange(Blocked!.Value.TotalSeconds, seconds * 0.75, seconds * 1.25);
            _time.Advance(TimeSpan.FromSeconds(seconds * 1.25));
        }
    }

    [Fact]
    public void IsResting_OnlyWhileItIsLeftAloneForMoreThanAMoment()
    {
        Report(new DeliveryOutcome.Rejected(429), policy: Retrying);
        Assert.False(_health.IsRestingAt(_time.GetTimestamp()));
        Report(new DeliveryOutcome.Rejected(429), policy: Retrying, retryAfter: TimeSpan.FromSeconds(20));
        Assert.True(_health.IsRestingAt(_time.GetTimestamp()));
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.False(_health.IsRestingAt(_time.GetTimestamp()));
    }

    [Fact]
    public void Fails_ThoseThatWereUnderWayWhenItWasGivenUp_LengthenNoPause()
    {
        var began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 20; i++)
        {
            Report(DeliveryOutcome.TimedOut.Instance, began: began);
        }

        Assert.InRange(Blocked!.Value.TotalSeconds, 0.75, 1.25);
    }

    [Fact]
    public void TakesTheOneThatWasToFindOut_IsAskedAgainAndSlowly()
    {
        for (var i = 0; i < 10; i++)
        {
            Report(DeliveryOutcome.TimedOut.Instance);
        }

        Assert.NotNull(_health.FailingSince);
        _time.Advance(TimeSpan.FromSeconds(2));
        Report(new DeliveryOutcome.Delivered(200));
        Assert.True(_health is { IsOpen: false, IsProven: true, FailingSince: null, Failures: 0 });
        Assert.InRange(Allowance, 1, 4);
    }

    private int Allowance => _health.AllowanceAt(_time.GetTimestamp());

    private TimeSpan? Blocked => _health.BlockedAt(_time.GetTimestamp());

    // As far as an endpoint is asked that has taken enough events.
    private void Warm()
    {
        for (var i = 0; i < 14; i++)
        {
            Report(new DeliveryOutcome.Delivered(200), underWay: _health.Window);
        }

        Assert.Equal(16, Allowance);
    }

    private bool Report(DeliveryOutcome outcome, long? began = null, int underWay = 0, WebhookPolicy? policy = null, TimeSpan? retryAfter = null)
    {
        _time.Advance(TimeSpan.FromTicks(1));
        var attempt = new DeliveryAttempt { Number = 1, At = _time.GetUtcNow(), Outcome = outcome.Word, Total = TimeSpan.FromMilliseconds(10) };
        var result = new AttemptResult(outcome, attempt, retryAfter);
        return _health.Report(result, began ?? _time.GetTimestamp(), underWay, policy ?? WebhookPolicy.Documented);
    }
}
