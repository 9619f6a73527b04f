using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace Capacitor.Grains.Webhooks;

[GrainType("webhook")]
internal sealed partial class WebhookGrain(
    [PersistentState("webhook", EventStream.Provider)] IPersistentState<WebhookState> webhook,
    IJournalReader journal,
    DeliveryPumps pumps,
    ILogger<WebhookGrain> logger) : Grain, IWebhookGrain
{
    private static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(1);

    // A silo that stops has better things to do than to wait for hung endpoints; what is cut off is posted again with the same id.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private DeliveryPump? _pump;
    private IGrainTimer? _saving;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (webhook.State.Settings is { Delivering: true } settings)
        {
            Begin(settings);
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_pump is { } pump)
        {
            await pump.StopAsync(StopGrace);
            await SavePositionAsync(pump);
        }
    }

    public async Task ConfigureAsync(WebhookSettings settings)
    {
        if (settings.IsSameAs(webhook.State.Settings))
        {
            return; // every start tells every webhook
        }

        var resumes = settings.Delivering && webhook.State.Settings is not { Delivering: true };
        webhook.State = new WebhookState
        {
            Settings = settings,
            Position = resumes ? await journal.ReadHeadAsync(settings.Tenant) : _pump?.Position ?? webhook.State.Position,
        };
        await this.SaveAsync(webhook);
        if (!settings.Delivering)
        {
            await EndAsync();
        }
        else if (_pump is { } pump)
        {
            pump.Change(new WebhookTarget(settings), new EventFilter(settings.Events, settings.ChargeBoxIds));
        }
        else
        {
            Begin(settings);
        }
    }

    public Task OfferAsync(long after, long upTo, Immutable<IReadOnlyList<JournalEvent>> matching)
    {
        if (_pump is { } pump)
        {
            pump.Offer(after, upTo, matching.Value);
            SaveWhileBusy();
        }

        return Task.CompletedTask;
    }

    public async Task WakeAsync()
    {
        if (_pump is { } pump)
        {
            pump.CatchUp(await journal.ReadHeadAsync(webhook.State.Settings!.Tenant));
            SaveWhileBusy();
        }
    }

    public async Task RemoveAsync()
    {
        await this.EraseAsync(webhook);
        await EndAsync();
        DeactivateOnIdle();
    }

    public Task<WebhookHealth> ReadHealthAsync() => throw new NotImplementedException();

    public Task<DeliveryRecord> TestAsync() => throw new NotImplementedException();

    public Task<DeliveryRecord?> RedeliverAsync(string deliveryId) => throw new NotImplementedException();

    public Task<Replay> StartReplayAsync(ReplayRequest request) => throw new NotImplementedException();

    public Task<IReadOnlyList<Replay>> ListReplaysAsync() => throw new NotImplementedException();

    public Task<Replay?> CancelReplayAsync(string replayId) => throw new NotImplementedException();

    private void Begin(WebhookSettings settings) =>
        _pump = new DeliveryPump(new WebhookTarget(settings), new EventFilter(settings.Events, settings.ChargeBoxIds), webhook.State.Position, pumps);

    private async Task EndAsync()
    {
        _saving?.Dispose();
        _saving = null;
        if (_pump is { } pump)
        {
            _pump = null;
            await pump.StopAsync(TimeSpan.Zero);
        }
    }

    // KeepAlive: a webhook with a backlog is not idle. The timer goes when all is done and saved.
    private void SaveWhileBusy() =>
        _saving ??= this.RegisterGrainTimer(SaveOrRestAsync, new GrainTimerCreationOptions(SavePeriod, SavePeriod) { KeepAlive = true });

    private async Task SaveOrRestAsync(CancellationToken cancellation)
    {
        if (_pump is not { } pump)
        {
            return;
        }

        var rests = !pump.IsBusy;
        if (await SavePositionAsync(pump) && rests)
        {
            _saving?.Dispose();
            _saving = null;
        }
    }

    private async Task<bool> SavePositionAsync(DeliveryPump pump)
    {
        var before = webhook.State.Position;
        var position = pump.Position;
        if (position == before)
        {
            return true;
        }

        try
        {
            webhook.State.Position = position;
            await webhook.WriteStateAsync();
            return true;
        }
        catch (Exception failure)
        {
            // An older position costs repeated deliveries after a crash, nothing more.
            webhook.State.Position = before;
            Log.NotSaved(logger, failure, webhook.State.Settings?.WebhookId, position);
            if (failure is InconsistentStateException)
            {
                DeactivateOnIdle();
            }

            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Warning, "Webhook {Webhook}: the position {Position} could not be saved")]
        public static partial void NotSaved(ILogger logger, Exception failure, string? webhook, long position);
    }
}
