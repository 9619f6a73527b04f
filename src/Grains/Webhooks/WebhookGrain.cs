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
    IDeliveryStore deliveries,
    DeliveryPumps pumps,
    SettingsSeal seal,
    TimeProvider time,
    ILogger<WebhookGrain> logger) : Grain, IWebhookGrain
{
    private static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(1);

    // A silo that stops has better things to do than to wait for hung endpoints; what is cut off is posted again with the same id.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private WebhookSettings? _settings;
    private DeliveryPump? _pump;
    private IGrainTimer? _saving;
    private bool _owes;

    private WebhookState State => webhook.State;

    private string Id => WebhookGrainKeys.WebhookIdOf(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _settings = State.Sealed is { } sealedSettings ? seal.Open(sealedSettings, Id) : State.Clear;
        if (_settings is { Delivering: true } settings)
        {
            await BeginAsync(settings);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_pump is { } pump)
        {
            await pump.StopAsync(StopGrace);
            await SaveProgressAsync(pump);
        }
    }

    public async Task ConfigureAsync(WebhookSettings settings)
    {
        if (settings.IsSameAs(_settings) && !seal.IsDue(State.Sealed, isClear: State.Clear is not null))
        {
            return; // every start tells every webhook
        }

        var resumes = settings.Delivering && _settings is not { Delivering: true };
        var rests = !settings.Delivering && _settings is { Delivering: true };
        State.Position = resumes ? await journal.ReadHeadAsync(settings.Tenant) : _pump?.Position ?? State.Position;
        _settings = settings;
        State.Sealed = seal.Seal(settings);
        State.Clear = seal.NeedsClear ? settings : null;
        if (resumes || rests)
        {
            (State.FailingSince, State.Failures, State.Warned, State.Disabling) = (null, 0, 0, null);
            State.MissedSince = rests ? time.GetUtcNow() : State.MissedSince;
        }

        await this.SaveAsync(webhook);
        if (!settings.Delivering)
        {
            await EndAsync();
            await deliveries.ExpirePendingAsync(settings.WebhookId, time.GetUtcNow()); // nothing is kept for later
        }
        else if (_pump is { } pump)
        {
            pump.Change(new WebhookTarget(settings), FilterOf(settings));
        }
        else
        {
            await BeginAsync(settings);
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
            pump.CatchUp(await journal.ReadHeadAsync(_settings!.Tenant));
            SaveWhileBusy();
        }
    }

    public async Task RemoveAsync()
    {
        await this.EraseAsync(webhook);
        _settings = null;
        await EndAsync();
        await deliveries.RemoveAsync(Id);
        DeactivateOnIdle();
    }

    private static EventFilter FilterOf(WebhookSettings settings) => new(settings.Events, settings.ChargeBoxIds);

    private async Task BeginAsync(WebhookSettings settings)
    {
        var pump = new DeliveryPump(new WebhookTarget(settings), FilterOf(settings), State.Position, pumps)
        {
            OnGone = () => _isGone = true,
            OnReplayed = _replayed.Enqueue,
        };
        try
        {
            var pending = await deliveries.ListPendingAsync(settings.WebhookId, pumps.Options.MaxPending);
            var done = await deliveries.ListPositionsAsync(settings.WebhookId, State.Position, long.MaxValue, DeliveryPump.MaxSpan);
            pump.Restore(pending, done);
        }
        catch
        {
            await pump.StopAsync(TimeSpan.Zero);
            throw;
        }

        if (State.FailingSince is { } since)
        {
            pump.WasFailing(since, State.Failures);
        }

        _pump = pump;
        BeginNextReplay();
        SaveWhileBusy();
    }

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
        if (await SaveProgressAsync(pump) && rests && !IsOnWatch)
        {
            _saving?.Dispose();
            _saving = null;
        }
    }

    private async Task<bool> SaveProgressAsync(DeliveryPump pump)
    {
        var position = pump.Position;
        _owes |= Watch(pump);
        _owes |= FollowReplays(pump);
        if (position == State.Position && !_owes)
        {
            Disable();
            return true;
        }

        var before = State.Position;
        try
        {
            State.Position = position;
            await webhook.WriteStateAsync();
            _owes = false;
            Disable();
            return true;
        }
        catch (Exception failure)
        {
            // An older position costs repeated deliveries after a crash, nothing more.
            State.Position = before;
            Log.NotSaved(logger, failure, Id, position);
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

        [LoggerMessage(2011, LogLevel.Warning, "Webhook {Webhook} has delivered nothing since {Since}; {Percent} % of the time until it is deactivated are over")]
        public static partial void Failing(ILogger logger, string webhook, DateTimeOffset since, int percent);

        [LoggerMessage(2012, LogLevel.Warning, "Webhook {Webhook} is deactivated: {Reason}")]
        public static partial void Disabled(ILogger logger, string webhook, string reason);

        [LoggerMessage(2013, LogLevel.Warning, "Webhook {Webhook} could not be deactivated; it is tried again")]
        public static partial void NotDisabled(ILogger logger, Exception failure, string webhook);

        [LoggerMessage(2014, LogLevel.Warning, "The test of webhook {Webhook} could not be written to the delivery log")]
        public static partial void TestNotKept(ILogger logger, Exception failure, string webhook);
    }
}
