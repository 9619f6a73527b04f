using Capacitor.Grains.Tenants;
using Capacitor.Tenants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Tests.Tenants;

public sealed class TierTests
{
    [Theory]
    [InlineData(Tier.Free, 1, 50, false)]
    [InlineData(Tier.Starter, 5, 1_000, true)]
    [InlineData(Tier.Growth, 100, 10_000, true)]
    [InlineData(Tier.Scale, null, null, true)]
    public void Limits_NothingConfigured_AreTheDocumentedOnes(Tier tier, int? chargers, int? calls, bool webhooks)
    {
        var limits = Read([]).Of(tier);
        Assert.Equal((chargers, calls, webhooks), (limits.Chargers, limits.ApiCallsPerDay, limits.Webhooks));
    }

    [Theory]
    [InlineData(Tier.Free, 0, 3)]
    [InlineData(Tier.Starter, 5, 3)]
    [InlineData(Tier.Growth, 25, 30)]
    [InlineData(Tier.Scale, null, 90)]
    public void Limits_OfWebhooks_AreTheDocumentedOnes(Tier tier, int? webhooks, int days)
    {
        var limits = Read([]).Of(tier);
        Assert.Equal((webhooks, days), (limits.MostWebhooks, limits.DeliveryLogDays));
    }

    [Theory]
    [InlineData(Tier.Free, 1)]
    [InlineData(Tier.Starter, 3)]
    [InlineData(Tier.Growth, 14)]
    [InlineData(Tier.Scale, 30)]
    public void MessageLogDays_AreTheDocumentedOnes(Tier tier, int days) => Assert.Equal(days, Read([]).Of(tier).MessageLogDays);

    [Theory]
    [InlineData(0, Tier.Starter)]
    [InlineData(5, Tier.Growth)]
    [InlineData(25, Tier.Scale)]
    public void WithMoreWebhooksThan_ALimit_NamesTheNextTier(int limit, Tier larger) => Assert.Equal(larger, new TierOptions().WithMoreWebhooksThan(limit));

    [Fact]
    public void Limits_Configured_ChangeWhatIsNamedAndNothingElse()
    {
        var tiers = Read(new() { ["Capacitor:Tiers:free:Chargers"] = "3", ["Capacitor:Tiers:growth:Chargers"] = "" });
        Assert.Equal((3, 50), (tiers.Free.Chargers, tiers.Free.ApiCallsPerDay));
        Assert.Null(tiers.Growth.Chargers);
        Assert.Equal(10_000, tiers.Growth.ApiCallsPerDay);
    }

    [Fact]
    public void Limits_BelowZero_AreRefusedWithEveryMistake()
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Read(new() { ["Capacitor:Tiers:free:Chargers"] = "-1", ["Capacitor:Tiers:scale:ApiCallsPerDay"] = "-2", ["Capacitor:Tiers:growth:MostWebhooks"] = "-1", ["Capacitor:Tiers:growth:DeliveryLogDays"] = "0" }));
        Assert.Equal(4, refusal.Failures.Count());
    }

    [Theory]
    [InlineData(1, Tier.Starter)]
    [InlineData(5, Tier.Growth)]
    [InlineData(100, Tier.Scale)]
    public void WithMoreChargersThan_ALimit_NamesTheNextTier(int limit, Tier larger) => Assert.Equal(larger, new TierOptions().WithMoreChargersThan(limit));

    [Fact]
    public void TryCount_UpToTheLimit_CountsAndThenRefuses()
    {
        var calls = new DailyCalls();
        var evening = new DateTimeOffset(2026, 2, 6, 23, 59, 59, TimeSpan.Zero);
        Assert.True(calls.TryCount(evening, 2));
        Assert.Equal(1, calls.Remaining(2));
        Assert.True(calls.TryCount(evening, 2));
        Assert.False(calls.TryCount(evening, 2));
        Assert.Equal(0, calls.Remaining(2));
        Assert.True(calls.TryCount(evening.AddSeconds(1), 2));
        Assert.Equal(1, calls.Remaining(2));
    }

    [Fact]
    public void ResetsAt_AnyTimeOfDay_IsTheNextMidnightUtc() => Assert.Equal(
        new DateTimeOffset(2026, 2, 7, 0, 0, 0, TimeSpan.Zero),
        DailyCalls.ResetsAt(new DateTimeOffset(2026, 2, 7, 1, 30, 0, TimeSpan.FromHours(2))));

    [Fact]
    public void Make_Always_IsLongRandomAndWellFormed()
    {
        var secret = ApiKeySecret.Make();
        Assert.Matches("^cap_live_[0-9A-Za-z]{32,}$", secret.Text);
        Assert.True(ApiKeySecret.IsWellFormed(secret.Text));
        Assert.NotEqual(secret, ApiKeySecret.Make());
        Assert.Matches(@"^cap_live_[0-9A-Za-z]{4}\*{4}$", KeyMint.Prefix(secret));
    }

    [Theory]
    [InlineData("cap_short")]
    [InlineData("key_live_0123456789abcdef")]
    [InlineData("cap_live_0123456789 abcdef")]
    [InlineData("cap_live_0123456789äbcdef")]
    public void Check_ASecretThatWillNotDo_IsRefusedWithoutRepeatingIt(string secret)
    {
        var refusal = Assert.Throws<RefusedException>(() => KeyMint.Check(new ApiKeySecret(secret)));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.DoesNotContain(secret, refusal.Message);
    }

    private static TierOptions Read(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return services.AddTenants().BuildServiceProvider().GetRequiredService<IOptions<TierOptions>>().Value;
    }
}
