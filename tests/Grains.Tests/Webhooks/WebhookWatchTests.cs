using System.Diagnostics;
using System.Text.Json;
using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Webhooks that want to be deactivated when they fail for too long, on a real silo.</summary>
public sealed class WebhookWatchTests(WebhookSilo silo) : IClassFixture<WebhookSilo>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private WebhookReceiver _receiver = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Status(500));
        _tenant = await silo.TenantAsync();
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task FailsForTooLong_IsWarnedOfAndThenDeactivated()
    {
        var webhook = await CreateAsync(new WebhookPolicy { DisableAfter = TimeSpan.FromSeconds(4) });
        await PublishAsync(3);

        var events = await UntilAsync(EventTypes.WebhookDisabled);
        Assert.Equal([EventTypes.WebhookFailing], events.SkipLast(1).Select(item => item.Type).Distinct());
        Assert.Equal([.. Spent(events).Order().Distinct()], Spent(events)); // 50, 70, 90, unless the process had no time to say one
        var disabled = DataOf(events[^1]);
        Assert.Equal((webhook, "failing"), (disabled.GetProperty("webhookId").GetString(), disabled.GetProperty("reason").GetString()));
        Assert.All(events, item => Assert.True(item.Sequence > 0));
        await UntilInactiveAsync(webhook, "failing");
    }

    [Fact]
    public async Task DeliversAgain_IsSaidToHaveRecovered()
    {
        var webhook = await CreateAsync(new WebhookPolicy { DisableAfter = TimeSpan.FromSeconds(20), Retry = new RetryPolicy { MaxAttempts = 10, Delays = [TimeSpan.FromSeconds(1)] } });
        await PublishAsync(3);
        await UntilAsync(EventTypes.WebhookFailing);
        _receiver.Answer = ReceiverAnswers.Status(200);

        var recovered = (await UntilAsync(EventTypes.WebhookRecovered))[^1];
        Assert.Equal(webhook, DataOf(recovered).GetProperty("webhookId").GetString());
        Assert.True((await silo.Webhooks(_tenant).FindAsync(webhook))!.Active);
        Assert.Equal("healthy", (await silo.Grains.WebhookOf(webhook).ReadHealthAsync()).Status);
    }

    [Fact]
    public async Task SaysThatItIsGone_IsDeactivated()
    {
        _receiver.Answer = ReceiverAnswers.Status(410);
        var webhook = await CreateAsync(new WebhookPolicy { Retry = new RetryPolicy { MaxAttempts = 5 } });
        await PublishAsync(1);

        Assert.Equal("gone", DataOf((await UntilAsync(EventTypes.WebhookDisabled))[^1]).GetProperty("reason").GetString());
        await UntilInactiveAsync(webhook, "gone");
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task Documented_FailsAsLongAsItLikes_NothingIsSaidOfIt()
    {
        var webhook = await CreateAsync(null);
        await PublishAsync(20);
        await _receiver.WaitForAsync(20);

        Assert.DoesNotContain(await EventsAsync(), item => item.Type.StartsWith("webhook.", StringComparison.Ordinal));
        Assert.True((await silo.Webhooks(_tenant).FindAsync(webhook))!.Active);
    }

    private static JsonElement DataOf(JournalEvent item) => JsonElement.Parse(item.Body).GetProperty("data");

    private static List<int> Spent(IEnumerable<JournalEvent> events) =>
        [.. events.Where(item => item.Type == EventTypes.WebhookFailing).Select(item => DataOf(item).GetProperty("spent").GetInt32())];

    // By its grain: what can be registered begins at an hour.
    private async Task<string> CreateAsync(WebhookPolicy? policy)
    {
        var created = await silo.Webhooks(_tenant).CreateAsync(new NewWebhook { Url = _receiver.Url.ToString(), Events = [EventTypes.ChargerBoot] });
        if (policy is not null)
        {
            await silo.Grains.WebhookOf(created.Id).ConfigureAsync(
                PumpParts.Settings(_receiver.Url, created.Id, events: EventTypes.ChargerBoot) with { Tenant = _tenant, Policy = policy, Version = 1000 });
        }

        return created.Id;
    }

    private async Task PublishAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await silo.PublishAsync(_tenant, $"C{i}");
        }
    }

    private async Task<IReadOnlyList<JournalEvent>> EventsAsync() => (await silo.Journal.ReadEventsAsync(_tenant, 0, 1000)).Events;

    /// <summary>The webhooks' events up to the first of a type.</summary>
    private async Task<List<JournalEvent>> UntilAsync(string type)
    {
        var since = Stopwatch.GetTimestamp();
        for (var after = 0L; ; after = await silo.Journal.ReadHeadAsync(_tenant))
        {
            var events = (await EventsAsync()).Where(item => item.Type.StartsWith("webhook.", StringComparison.Ordinal)).ToList();
            if (events.FindIndex(item => item.Type == type) is >= 0 and var index)
            {
                return events[..(index + 1)];
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"There is no {type}, only {string.Join(", ", events.Select(item => item.Type))}.");

            await silo.Journal.WaitForEventsAsync(_tenant, after, TimeSpan.FromSeconds(30));
        }
    }

    private async Task UntilInactiveAsync(string webhook, string reason)
    {
        var since = Stopwatch.GetTimestamp();
        while (await silo.Grains.WebhookOf(webhook).ReadHealthAsync() is { Status: not "inactive" } health)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"The webhook stays {health.Status}.");
        }

        var registered = (await silo.Webhooks(_tenant).FindAsync(webhook))!;
        Assert.Equal((false, reason), (registered.Active, registered.DisabledReason));
    }
}
