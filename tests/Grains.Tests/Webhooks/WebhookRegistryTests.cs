using System.Diagnostics;
using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What goes beyond the documented members, on a real silo with a real receiver.</summary>
public sealed class WebhookRegistryTests(WebhookSilo silo) : IClassFixture<WebhookSilo>, IAsyncLifetime
{
    private WebhookReceiver _receiver = null!;
    private TenantId _tenant;

    private ITenantWebhooksGrain Webhooks => silo.Webhooks(_tenant);

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _tenant = await silo.TenantAsync();
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Event_OfOtherChargersOrTypes_IsNotPosted()
    {
        await Webhooks.CreateAsync(New() with { Events = ["transaction.*"], ChargeBoxIds = ["charger-1"] });
        await silo.PublishAsync(_tenant, "CHARGER-1", EventTypes.ChargerBoot);
        await silo.PublishAsync(_tenant, "CHARGER-2", EventTypes.TransactionStarted);
        var wanted = await silo.PublishAsync(_tenant, "CHARGER-1", EventTypes.TransactionStopped);

        Assert.Equal(wanted, Assert.Single(await _receiver.WaitForAsync(1)).Id);
    }

    [Fact]
    public async Task Rotate_WithAnOverlap_BothSignNewestFirst_ThenWithout_OneDoes()
    {
        var webhook = await Webhooks.CreateAsync(New() with { Secret = "first" });
        var rotated = await Webhooks.RotateSecretAsync(webhook.Id, null, TimeSpan.FromHours(24));
        await silo.PublishAsync(_tenant);
        var both = (await _receiver.WaitForAsync(1))[0];
        Assert.Equal($"{Sign(rotated!.Secret, both)} {Sign("first", both)}", both.Headers["webhook-signature"]);

        await Webhooks.ChangeAsync(webhook.Id, new() { Secret = Capacitor.Chargers.Setting.To("second") });
        await Webhooks.RotateSecretAsync(webhook.Id, "third", TimeSpan.Zero);
        await silo.PublishAsync(_tenant);
        var one = (await _receiver.WaitForAsync(2))[1];
        Assert.Equal(Sign("third", one), one.Headers["webhook-signature"]);
        Assert.Null(await Webhooks.RotateSecretAsync("wh_none", null, TimeSpan.Zero));
    }

    [Fact]
    public async Task Restart_SecretsHeadersAndKeys_AreThereAgain()
    {
        var tenant = await silo.TenantAsync();
        var created = await silo.Webhooks(tenant).CreateAsync(New() with { Secret = "first", Headers = [new("X-Mine", "mine")], Signature = SignatureScheme.V1 });
        var rotated = await silo.Webhooks(tenant).RotateSecretAsync(created.Id, null, TimeSpan.FromHours(24));
        await silo.RestartAsync();
        await silo.Webhooks(tenant).PermitAsync(Permit(null));
        await silo.PublishAsync(tenant);

        var posted = (await _receiver.WaitForAsync(1))[0];
        Assert.Equal($"{Sign(rotated!.Secret, posted)} {Sign("first", posted)}", posted.Headers["webhook-signature"]);
        Assert.Equal(["X-Mine"], (await silo.Webhooks(tenant).FindAsync(created.Id))!.HeaderNames);
    }

    [Fact]
    public async Task Create_MoreThanTheTierAllows_IsRefusedWithTheTierThatDoes_AndWhatIsThereStays()
    {
        await Webhooks.PermitAsync(Permit(2));
        await Webhooks.CreateAsync(New());
        await Webhooks.CreateAsync(New());

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => Webhooks.CreateAsync(New()));
        Assert.Equal((RefusalKind.LimitReached, "starter", "growth"), (refusal.Kind, refusal.CurrentTier, refusal.RequiredTier));
        Assert.Contains("2 webhooks", refusal.Message, StringComparison.Ordinal);

        await Webhooks.PermitAsync(Permit(1));
        Assert.Equal(2, (await Webhooks.ListAsync()).Count);
        await silo.PublishAsync(_tenant);
        Assert.Equal(2, (await _receiver.WaitForAsync(2)).Count);
        await Webhooks.AllowAsync(true); // by a silo of the version before: the limit stays
        Assert.Equal(RefusalKind.LimitReached, (await Assert.ThrowsAsync<RefusedException>(() => Webhooks.CreateAsync(New()))).Kind);
        await Webhooks.PermitAsync(Permit(null));
        await Webhooks.CreateAsync(New());
    }

    [Fact]
    public async Task Disable_AWebhookThatGaveUp_IsOffUntilItIsActivated()
    {
        var webhook = await Webhooks.CreateAsync(New());
        await Webhooks.DisableAsync("wh_none", "gone");
        await Webhooks.DisableAsync(webhook.Id, "gone");
        var disabled = await WaitUntilAsync(webhook.Id, shown => !shown.Active);
        Assert.Equal("gone", disabled.DisabledReason);
        Assert.NotNull(disabled.DisabledAt);

        var active = await Webhooks.ChangeAsync(webhook.Id, new() { Active = true });
        Assert.Equal((true, null), (active!.Active, active.DisabledReason));
        var posted = await silo.PublishAsync(_tenant);
        Assert.Equal(posted, (await _receiver.WaitForAsync(1))[^1].Id);
    }

    private async Task<Webhook> WaitUntilAsync(string webhookId, Func<Webhook, bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        Webhook shown;
        while (!condition(shown = (await Webhooks.FindAsync(webhookId))!))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "The webhook never came to be so.");
        }

        return shown;
    }

    private static string Sign(string secret, ReceivedWebhook posted)
    {
        Assert.True(SigningKey.TryParse(secret, out var key));
        return key.Sign(posted.Id, posted.Headers["webhook-timestamp"], posted.Body);
    }

    private static WebhookPermit Permit(int? most) =>
        new() { Deliveries = true, MostWebhooks = most, LogRetention = TimeSpan.FromDays(3), Tier = Tier.Starter, LargerTier = Tier.Growth };

    private NewWebhook New() => new() { Url = _receiver.Url.ToString(), Events = [EventTypes.Any] };
}
