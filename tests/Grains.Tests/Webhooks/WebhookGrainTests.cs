using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class WebhookGrainTests(WebhookSilo silo) : IClassFixture<WebhookSilo>, IAsyncLifetime
{
    private WebhookReceiver _receiver = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _tenant = await silo.TenantAsync();
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Create_Valid_IsListedWithoutItsSecretAndFound()
    {
        var created = await Webhooks.CreateAsync(New(secret: "optional_webhook_secret", EventTypes.ChargerBoot, EventTypes.TransactionStarted));
        var second = await Webhooks.CreateAsync(New());

        Assert.Matches("^wh_[0-9a-f]{32}$", created.Id);
        Assert.NotEqual(created.Id, second.Id);
        Assert.Equal((_receiver.Url.ToString(), true), (created.Url, created.Active));
        Assert.Equal([EventTypes.ChargerBoot, EventTypes.TransactionStarted], created.Events);
        Assert.Equal([created.Id, second.Id], (await Webhooks.ListAsync()).Select(webhook => webhook.Id));
        Assert.Equal(created.Url, (await Webhooks.FindAsync(created.Id))!.Url);
        Assert.Null(await Webhooks.FindAsync("wh_unknown"));
        Assert.Null(await silo.Webhooks(await silo.TenantAsync()).FindAsync(created.Id));
    }

    [Fact]
    public async Task Create_Wrong_IsRefusedAcrossTheGrainCall()
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => Webhooks.CreateAsync(new NewWebhook { Url = "ftp://example.com", Events = ["*"] }));
        Assert.Equal((RefusalKind.Invalid, "url"), (refusal.Kind, refusal.Field));
        Assert.Empty(await Webhooks.ListAsync());
    }

    [Fact]
    public async Task Event_Committed_IsPostedSignedToEveryWebhookThatWantsIt()
    {
        await Webhooks.CreateAsync(New(secret: "s3cret"));
        await Webhooks.CreateAsync(New(events: EventTypes.TransactionStarted));
        var boot = await silo.PublishAsync(_tenant);
        var started = await silo.PublishAsync(_tenant, type: EventTypes.TransactionStarted);

        var received = await _receiver.WaitForAsync(3);
        Assert.Equal(new[] { boot, started, started }.Order(), received.Select(webhook => webhook.Id).Order());
        var signed = received.First(webhook => webhook.Id == boot);
        Assert.True(SigningKey.TryParse("s3cret", out var key));
        Assert.Equal(key.Sign(boot, signed.Headers["webhook-timestamp"], signed.Body), signed.Headers["webhook-signature"]);
        Assert.Equal("""{"event":"charger.boot","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"CHARGER-001"}}""", signed.Text);
    }

    [Fact]
    public async Task Event_BeforeTheWebhookOrOfAnotherTenant_IsNotPosted()
    {
        await silo.PublishAsync(_tenant);
        await Webhooks.CreateAsync(New());
        await silo.PublishAsync(await silo.TenantAsync());
        var mine = await silo.PublishAsync(_tenant);
        await _receiver.WaitForAsync(1);
        var last = await silo.PublishAsync(_tenant);

        Assert.Equal([mine, last], (await _receiver.WaitForAsync(2)).Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Event_AnotherWebhookHangs_IsNotDelayed()
    {
        await using var hung = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        await Webhooks.CreateAsync(new NewWebhook { Url = hung.Url.ToString(), Events = ["*"] });
        await Webhooks.CreateAsync(New());
        var sent = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            sent.Add(await silo.PublishAsync(_tenant));
        }

        Assert.Equal(sent, (await _receiver.WaitForAsync(300)).Select(webhook => webhook.Id));
        Assert.Equal(sent[0], Assert.Single(await hung.WaitForAsync(1)).Id);
    }

    [Fact]
    public async Task Change_UrlEventsAndSecret_TakeEffectAtOnce()
    {
        await using var other = await WebhookReceiver.StartAsync();
        var webhook = await Webhooks.CreateAsync(New());
        var changed = await Webhooks.ChangeAsync(
            webhook.Id, new WebhookPatch { Url = other.Url.ToString(), Events = [EventTypes.TransactionStarted], Secret = Capacitor.Chargers.Setting.To("new") });
        await silo.PublishAsync(_tenant);
        var started = await silo.PublishAsync(_tenant, type: EventTypes.TransactionStarted);

        Assert.Equal((other.Url.ToString(), true, webhook.CreatedAt), (changed!.Url, changed.Active, changed.CreatedAt));
        var received = Assert.Single(await other.WaitForAsync(1));
        Assert.Equal(started, received.Id);
        Assert.True(received.Headers.ContainsKey("webhook-signature"));
        Assert.Empty(_receiver.Received);
        Assert.Null(await Webhooks.ChangeAsync("wh_unknown", new WebhookPatch { Active = false }));
    }

    [Fact]
    public async Task Change_InactiveAndBack_KeepsNothingOfBetween()
    {
        var webhook = await Webhooks.CreateAsync(New());
        var first = await silo.PublishAsync(_tenant);
        await _receiver.WaitForAsync(1);
        Assert.False((await Webhooks.ChangeAsync(webhook.Id, new WebhookPatch { Active = false }))!.Active);
        await silo.PublishAsync(_tenant);
        await Webhooks.ChangeAsync(webhook.Id, new WebhookPatch { Active = true });
        var last = await silo.PublishAsync(_tenant);

        Assert.Equal([first, last], (await _receiver.WaitForAsync(2)).Select(received => received.Id));
    }

    [Fact]
    public async Task Allow_TakenAndGiven_KeepsTheWebhookAndDeliversOnlyWhileAllowed()
    {
        var webhook = await Webhooks.CreateAsync(New());
        await Webhooks.AllowAsync(false);
        await silo.PublishAsync(_tenant);
        Assert.Equal(webhook.Id, Assert.Single(await Webhooks.ListAsync()).Id);
        Assert.True((await Webhooks.FindAsync(webhook.Id))!.Active);
        await Webhooks.AllowAsync(true);
        var after = await silo.PublishAsync(_tenant);

        Assert.Equal(after, Assert.Single(await _receiver.WaitForAsync(1)).Id);
    }

    [Fact]
    public async Task Remove_EventsWait_PostsNoMore()
    {
        var gate = new TaskCompletionSource();
        _receiver.Answer = ReceiverAnswers.When(_ => gate.Task);
        var webhook = await Webhooks.CreateAsync(New());
        var first = await silo.PublishAsync(_tenant);
        await silo.PublishAsync(_tenant);
        await _receiver.WaitForAsync(1);
        Assert.True(await Webhooks.RemoveAsync(webhook.Id));
        gate.SetResult();
        await using var other = await WebhookReceiver.StartAsync();
        await Webhooks.CreateAsync(new NewWebhook { Url = other.Url.ToString(), Events = ["*"] });
        await silo.PublishAsync(_tenant);
        await other.WaitForAsync(1);

        Assert.Equal(first, Assert.Single(_receiver.Received).Id);
        Assert.False(await Webhooks.RemoveAsync(webhook.Id));
    }

    [Fact]
    public async Task RemoveAll_TenantGoes_ForgetsItsWebhooks()
    {
        await Webhooks.CreateAsync(New());
        await Webhooks.CreateAsync(New());
        await Webhooks.RemoveAllAsync();
        Assert.Empty(await Webhooks.ListAsync());
    }

    private ITenantWebhooksGrain Webhooks => silo.Webhooks(_tenant);

    private NewWebhook New(string? secret = null, params string[] events) =>
        new() { Url = _receiver.Url.ToString(), Events = events.Length == 0 ? [EventTypes.Any] : events, Secret = secret };
}
