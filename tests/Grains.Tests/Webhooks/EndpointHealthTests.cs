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
        Assert.Equal(16, _health.Allowance);
        for (var i = 0; i < 112; i++)
        {
            Report(new DeliveryOutcome.Delivered(200), underWay: _health.Window);
        }

        Assert.Equal((128, true), (_health.Allowance, _health.IsProven));
        Report(new DeliveryOutcome.Delivered(200), underWay: 128);
        Assert.Equal(128, _health.Allowance);
    }

    [Fact]
    public void Takes_FewAtATime_LeavesTheWindow()
    {
        for (var i = 0; i < 100; i++)
        {
            Report(new DeliveryOutcome.Delivered(200), underWay: 1);
        }

        Assert.Equal(16, _health.Allowance);
    }

    [Fact]
    public void TimesOut_ManyThatWereUnderWayTogether_HalvesOnce()
    {
        var began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 5; i++)
        {
            Report(DeliveryOutcome.TimedOut.Instance, began: began);
        }

        Assert.Equal(8, _health.Allowance);
        Report(DeliveryOutcome.TimedOut.Instance);
        Assert.Equal(4, _health.Allowance);
    }

    [Fact]
    public void TakesEventsAgainAfterACut_GrowsByOneAWindow()
    {
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

        Assert.True(_health is { IsOpen: false, Allowance: > 0 });
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
        Assert.Equal(pauses, _health.Blocked is not null);
        Assert.False(_health.IsOpen);
    }

    [Fact]
    public void AsksForAPause_WithAPolicy_GetsIt()
    {
        Report(new DeliveryOutcome.Rejected(503), policy: Retrying, retryAfter: TimeSpan.FromSeconds(100));
        Assert.InRange(_health.Blocked!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(110));
        _time.Advance(TimeSpan.FromSeconds(111));
        Assert.Null(_health.Blocked);
    }

    [Fact]
    public void AsksForADay_GetsAnHour()
    {
        Report(new DeliveryOutcome.Rejected(503), policy: Retrying, retryAfter: TimeSpan.FromDays(1));
        Assert.InRange(_health.Blocked!.Value, TimeSpan.FromMinutes(54), TimeSpan.FromMinutes(66));
    }

    [Fact]
    public void Fails_TenInARow_IsLeftAloneAndAskedNowAndThen()
    {
        for (var i = 0; i < 9; i++)
        {
            Assert.False(Report(DeliveryOutcome.TimedOut.Instance));
        }

        Assert.True(Report(DeliveryOutcome.TimedOut.Instance));
        Assert.Equal((true, 0), (_health.IsOpen, _health.Allowance));
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            Assert.InRange(_health.Blocked!.Value.TotalSeconds, seconds * 0.9, seconds * 1.1);
            _time.Advance(TimeSpan.FromSeconds(seconds * 1.1));
            Assert.Equal(1, _health.Allowance);
            Assert.False(Report(DeliveryOutcome.TimedOut.Instance));
        }
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

        Assert.InRange(_health.Blocked!.Value.TotalSeconds, 0.9, 1.1);
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
        Assert.InRange(_health.Allowance, 1, 4);
    }

    private bool Report(DeliveryOutcome outcome, long? began = null, int underWay = 0, WebhookPolicy? policy = null, TimeSpan? retryAfter = null)
    {
        _time.Advance(TimeSpan.FromTicks(1));
        var attempt = new DeliveryAttempt { Number = 1, At = _time.GetUtcNow(), Outcome = outcome.Word, Total = TimeSpan.FromMilliseconds(10) };
        var result = new AttemptResult(outcome, attempt, retryAfter);
        return _health.Report(result, began ?? _time.GetTimestamp(), underWay, policy ?? WebhookPolicy.Documented);
    }
}
