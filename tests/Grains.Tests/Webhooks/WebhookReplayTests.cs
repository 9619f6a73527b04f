using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Orleans.Core.Internal;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Replays, rests and what they have to do with each other, on a real silo.</summary>
public sealed class WebhookReplayTests(WebhookSilo silo) : IClassFixture<WebhookSilo>, IAsyncLifetime
{
    private WebhookReceiver _receiver = null!;
    private TenantId _tenant;
    private string _id = null!;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _tenant = await silo.TenantAsync();
        _id = (await silo.Webhooks(_tenant).CreateAsync(new NewWebhook { Url = _receiver.Url.ToString(), Events = [EventTypes.ChargerBoot] })).Id;
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task TwoReplays_TakeTurns_AndEachIsSentOnce()
    {
        await PublishAsync(3);
        await DeliveredAsync(3);
        var first = await Webhook.StartReplayAsync(new ReplayRequest { From = DateTimeOffset.UnixEpoch });
        var second = await Webhook.StartReplayAsync(new ReplayRequest { From = DateTimeOffset.UnixEpoch });

        await EndedAsync(first.Id);
        var ended = await EndedAsync(second.Id);
        Assert.Equal((ReplayStatus.Completed, 3L, 3L), (ended.Status, ended.Matched, ended.Delivered));
        await PublishAsync(1); // what would be sent twice would be sent before it
        Assert.Equal(10, (await _receiver.WaitForAsync(10)).Count);
    }

    [Fact]
    public async Task DryRun_WhileAReplayHangs_CountsAtOnce()
    {
        await PublishAsync(3);
        await DeliveredAsync(3);
        _receiver.Answer = ReceiverAnswers.Hang;
        var hung = await Webhook.StartReplayAsync(new ReplayRequest { From = DateTimeOffset.UnixEpoch });
        await _receiver.WaitForAsync(4);
        var counted = await EndedAsync((await Webhook.StartReplayAsync(new ReplayRequest { From = DateTimeOffset.UnixEpoch, DryRun = true })).Id);

        Assert.Equal((ReplayStatus.Completed, 3L, 0L), (counted.Status, counted.Matched, counted.Delivered));
        Assert.Equal(ReplayStatus.Running, (await Webhook.ListReplaysAsync()).Single(replay => replay.Id == hung.Id).Status);
    }

    [Fact]
    public async Task Inactive_CountsWhatItMissed_AndRefusesToSendIt()
    {
        await SetActiveAsync(false);
        await PublishAsync(4);
        var counted = await EndedAsync((await Webhook.StartReplayAsync(new ReplayRequest { MissedOnly = true, DryRun = true })).Id);

        Assert.Equal(4, counted.Matched);
        Assert.Equal(4, (await Webhook.CountMissedAsync())!.Events);
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => Webhook.StartReplayAsync(new ReplayRequest { MissedOnly = true }));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Single(await Webhook.ListReplaysAsync()); // what only the offer counted is no replay
    }

    [Fact]
    public async Task SwitchedOffWithABacklog_OffersTheBacklogToo()
    {
        _receiver.Answer = ReceiverAnswers.Hang;
        await PublishAsync(5);
        await _receiver.WaitForAsync(2);
        await SetActiveAsync(false);
        await PublishAsync(2);
        _receiver.Answer = ReceiverAnswers.Status(200);
        await SetActiveAsync(true);
        var missed = (await Webhook.CountMissedAsync())!;
        Assert.Equal(7, missed.Events);

        await EndedAsync((await Webhook.StartReplayAsync(new ReplayRequest { MissedOnly = true, From = missed.Since, Events = [EventTypes.TransactionStarted] })).Id);
        Assert.Equal(7, (await Webhook.CountMissedAsync())!.Events); // a replay of something else is not what was missed
        var ended = await EndedAsync((await Webhook.StartReplayAsync(new ReplayRequest { MissedOnly = true, From = missed.Since })).Id);
        Assert.Equal((7L, 0L), (ended.Delivered, ended.Failed));
        await UntilAsync(async () => await Webhook.CountMissedAsync() is null);
    }

    [Fact]
    public async Task Gone_AndActivatedAgainElsewhere_GetsEvents()
    {
        _receiver.Answer = ReceiverAnswers.Status(410);
        await silo.Webhooks(_tenant).ChangeAsync(_id, new WebhookPatch { Retry = new Change<RetryPolicy>(true, new RetryPolicy { MaxAttempts = 5 }) });
        await PublishAsync(1);
        await UntilAsync(async () => !(await silo.Webhooks(_tenant).FindAsync(_id))!.Active);
        await using var other = await WebhookReceiver.StartAsync();
        await silo.Webhooks(_tenant).ChangeAsync(_id, new WebhookPatch { Url = other.Url.ToString(), Active = true });
        var sent = await silo.PublishAsync(_tenant);

        Assert.Equal(sent, Assert.Single(await other.WaitForAsync(1)).Id);
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task GivesUpItsActivation_GoesOnWithoutBeingAsked()
    {
        _receiver.Answer = ReceiverAnswers.Hang;
        var sent = await silo.PublishAsync(_tenant);
        await _receiver.WaitForAsync(1);
        _receiver.Answer = ReceiverAnswers.Status(200);
        await Webhook.AsReference<IGrainManagementExtension>().DeactivateOnIdle(); // as it does itself when its state was saved by another

        Assert.Equal([sent, sent], (await _receiver.WaitForAsync(2)).Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Test_AnotherIsUnderWay_IsRefused()
    {
        var gate = new TaskCompletionSource();
        _receiver.Answer = ReceiverAnswers.When(_ => gate.Task);
        var first = Webhook.TestAsync();
        await _receiver.WaitForAsync(1);
        var refusal = await Assert.ThrowsAsync<RefusedException>(Webhook.TestAsync);
        gate.SetResult();

        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Equal(DeliveryStatus.Delivered, (await first)!.Status);
        Assert.Equal(DeliveryStatus.Delivered, (await Webhook.TestAsync())!.Status);
    }

    private IWebhookGrain Webhook => silo.Grains.WebhookOf(_id);

    private async Task SetActiveAsync(bool active) => await silo.Webhooks(_tenant).ChangeAsync(_id, new WebhookPatch { Active = active });

    private async Task PublishAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await silo.PublishAsync(_tenant, $"C{i}");
        }
    }

    private async Task<IReadOnlyList<DeliveryRecord>> ListAsync(DeliveryStatus status) =>
        (await silo.Deliveries.ListAsync(_id, new DeliveryFilter { Status = status }, null, 1000)).Deliveries;

    // The log has a delivery a moment before the webhook's position passes it; and up to that position a replay goes.
    private async Task DeliveredAsync(int count)
    {
        await _receiver.WaitForAsync(count);
        await UntilAsync(async () => (await ListAsync(DeliveryStatus.Delivered)).Count == count);
        await UntilAsync(async () => (await EndedAsync((await Webhook.StartReplayAsync(new ReplayRequest { From = DateTimeOffset.UnixEpoch, DryRun = true })).Id)).Matched == count);
    }

    private async Task<Replay> EndedAsync(string replayId)
    {
        Replay? found = null;
        await UntilAsync(async () => (found = (await Webhook.ListReplaysAsync()).Single(replay => replay.Id == replayId)).Status != ReplayStatus.Running);
        return found!;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "It did not come to be in 30 seconds.");
            await Task.Delay(20); // a grain is asked: it has no signal for a test
        }
    }
}
