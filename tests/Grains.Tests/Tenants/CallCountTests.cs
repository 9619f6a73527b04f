using Capacitor.Grains.Tenants;

namespace Capacitor.Grains.Tests.Tenants;

public sealed class CallCountTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(50, 1)]
    [InlineData(1_000, 10)]
    [InlineData(10_000, 100)]
    [InlineData(null, 100)]
    public void Due_FromTheFirstCallOn_IsABlockAhead(int? limit, int block)
    {
        var calls = new DailyCalls();
        calls.TryCount(Noon, limit);
        Assert.True(calls.IsAhead);
        Assert.Equal(1 + block, calls.Due(limit));
        calls.Reserve(calls.Day, 1 + block);
        Assert.False(calls.IsAhead);
        Assert.Null(calls.Due(limit));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void Restore_AfterACrashAtAnyCall_NeverGivesBackAndLosesABlockAtMost(int limit)
    {
        var calls = new DailyCalls();
        var (stored, writes) = (0, 0);
        while (calls.TryCount(Noon, limit))
        {
            if (calls.Due(limit) is { } due)
            {
                (stored, writes) = (due, writes + 1);
                calls.Reserve(calls.Day, due);
            }

            var again = new DailyCalls();
            again.Restore(calls.Day, stored, Noon);
            Assert.InRange(again.Count, calls.Count, calls.Count + Math.Max(1, limit / 100));
        }

        Assert.InRange(writes, 45, 115);
        Assert.Null(calls.Due(limit));
    }

    [Fact]
    public void Restore_OfAnotherDay_BeginsAnew()
    {
        var calls = new DailyCalls();
        calls.Restore(Noon.UtcDateTime.Date.AddDays(-1), 40, Noon);
        Assert.Equal(50, calls.Remaining(50));
    }

    [Fact]
    public void Reserve_OfADayThatIsOver_CountsForNothing()
    {
        var calls = new DailyCalls();
        calls.TryCount(Noon, 1_000);
        var day = calls.Day;
        calls.TryCount(Noon.AddDays(1), 1_000);
        calls.Reserve(day, 500);
        Assert.True(calls.IsAhead);
    }

    [Fact]
    public void TryTake_ABucket_GivesItsSizeAtOnceAndThenItsRate()
    {
        var bucket = new TokenBucket();
        var now = TimeSpan.FromHours(1);
        for (var left = 4; left >= 0; left--)
        {
            Assert.True(bucket.TryTake(now, 2, 5));
            Assert.Equal(left, bucket.Left);
        }

        Assert.False(bucket.TryTake(now, 2, 5));
        Assert.Equal((TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2.5)), (bucket.UntilNext(2), bucket.UntilFull(2, 5)));
        Assert.False(bucket.TryTake(now + TimeSpan.FromSeconds(0.4), 2, 5));
        Assert.True(bucket.TryTake(now + TimeSpan.FromSeconds(0.5), 2, 5));
        Assert.True(bucket.TryTake(now + TimeSpan.FromHours(1), 2, 5));
        Assert.Equal(4, bucket.Left);
    }
}
