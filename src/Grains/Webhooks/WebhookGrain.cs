using System.Collections.Immutable;
using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// A webhook's life: keeps its registration, begins and ends its pump, and saves how far that is, once a second while there is something to save.
/// </summary>
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

    // What of one that ends has just been decided is put on record before its log is closed; that the store is away is no reason to go on delivering.
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForgetGrace = TimeSpan.FromSeconds(5);

    private static readonly Task<TimeSpan?> NoRest = Task.FromResult<TimeSpan?>(null);

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
        else if (_settings is not null)
        {
            await deliveries.ExpirePendingAsync(Id, time.GetUtcNow(), cancellationToken); // a crash may have come between the rest and its end
        }

        Follow();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _counts.ForEach(count => count.Cancel());
        if (_pump is { } pump)
        {
            await pump.StopAsync(StopGrace);
            await SaveProgressAsync();
        }

        if (reason.ReasonCode == DeactivationReasonCode.ApplicationRequested && _settings is not null)
        {
            this.AsReference<IWebhookGrain>().WakeAsync().Ignore(); // after a failed save: what waits must not wait for the next event
        }
    }

    public async Task ConfigureAsync(WebhookSettings settings)
    {
        var isInPlace = (_pump is not null) == settings.Delivering;
        if (isInPlace && settings.IsSameAs(_settings) && !seal.IsDue(State.Sealed, isClear: State.Clear is not null))
        {
            return; // every start tells every webhook
        }

        var resumes = settings.Delivering && _settings is not { Delivering: true };
        var rests = !settings.Delivering && _settings is { Delivering: true };
        State.Position = resumes ? await journal.ReadHeadAsync(settings.Tenant) : _pump?.Position ?? State.Position;
        if (resumes || rests || settings.Url != _settings?.Url)
        {
            if (rests)
            {
                (State.MissedSince, State.RestedAt) = (await FindMissedSinceAsync(), time.GetUtcNow());
            }

            (State.FailingSince, State.Failures, State.Warned) = (null, 0, 0);
            State.Disabling = null;
        }

        _settings = settings;
        State.Sealed = seal.Seal(settings);
        State.Clear = seal.NeedsClear ? settings : null;
        await this.SaveAsync(webhook);
        try
        {
            await ApplyAsync(settings, resumes);
        }
        catch
        {
            DeactivateOnIdle(); // what is saved holds; the next activation begins with it
            throw;
        }
    }

    public Task<TimeSpan?> OfferAsync(long after, long upTo, Immutable<IReadOnlyList<JournalEvent>> matching)
    {
        if (_pump is not { } pump)
        {
            return NoRest;
        }

        pump.Offer(after, upTo, matching.Value);
        Follow();
        return pump.Rest is { } rest ? Task.FromResult<TimeSpan?>(rest) : NoRest;
    }

    public async Task WakeAsync()
    {
        if (_pump is { } pump)
        {
            pump.CatchUp(await journal.ReadHeadAsync(_settings!.Tenant));
            Follow();
        }
    }

    public async Task RemoveAsync()
    {
        await this.EraseAsync(webhook);
        _settings = null;
        await EndAsync(PumpEnd.Remove);
        await ForgetAsync();
        DeactivateOnIdle();
    }

    private static EventFilter FilterOf(WebhookSettings settings) => new(settings.Events, settings.ChargeBoxIds);

    private async Task ApplyAsync(WebhookSettings settings, bool resumes)
    {
        if (!settings.Delivering)
        {
            await EndAsync(PumpEnd.Rest);
            await deliveries.ExpirePendingAsync(Id, time.GetUtcNow()); // nothing is kept for later
            return;
        }

        if (_pump is { } pump)
        {
            pump.Change(new WebhookTarget(settings), FilterOf(settings));
            return;
        }

        if (resumes)
        {
            await deliveries.ExpirePendingAsync(Id, time.GetUtcNow());
        }

        await BeginAsync(settings);
    }

    // From the oldest event that it should have had, unless something missed earlier was not sent yet.
    private async Task<DateTimeOffset> FindMissedSinceAsync()
    {
        var behind = await journal.ReadEventsAsync(_settings!.Tenant, State.Position, 1);
        var waiting = behind.Events is [var item] ? item.At : (DateTimeOffset?)null;
        return new[] { State.MissedSince, waiting, _pump?.OldestUndelivered, State.FailingSince, time.GetUtcNow() }.Min()!.Value;
    }

    // Its lines are out of reach from now on, and go when their time is over: a long log is no reason to refuse.
    private async Task ForgetAsync()
    {
        try
        {
            await deliveries.RemoveAsync(Id).AsTask().WaitAsync(ForgetGrace, time);
        }
        catch (Exception failure)
        {
            Log.NotForgotten(logger, failure, Id);
        }
    }

    private async Task BeginAsync(WebhookSettings settings)
    {
        var pump = new DeliveryPump(new WebhookTarget(settings), FilterOf(settings), State.Position, pumps) { OnReplayed = ended => ImmutableInterlocked.Enqueue(ref _replayed, ended) };
        try
        {
            if (State.FailingSince is { } since)
            {
                pump.WasFailing(since, State.Failures);
            }

            var pending = await deliveries.ListPendingAsync(Id, pumps.Options.MaxPending);
            var done = await deliveries.ListPositionsAsync(Id, State.Position, long.MaxValue, DeliveryPump.MaxSpan);
            pump.Restore(pending, done, mayBeMore: pending.Count >= pumps.Options.MaxPending);
        }
        catch
        {
            await pump.StopAsync(TimeSpan.Zero);
            throw;
        }

        _pump = pump;
        Follow();
    }

    private async Task EndAsync(PumpEnd end)
    {
        if (_pump is { } pump)
        {
            _pump = null;
            await pump.StopAsync(EndGrace, end);
        }
    }

    // KeepAlive: a webhook with a backlog, or at counting, is not idle. The timer goes when all is done and saved.
    private void Follow()
    {
        BeginReplays();
        if (_pump is not null || _counts.Count > 0)
        {
            _saving ??= this.RegisterGrainTimer(SaveOrRestAsync, new GrainTimerCreationOptions(SavePeriod, SavePeriod) { KeepAlive = true });
        }
    }

    private async Task SaveOrRestAsync(CancellationToken cancellation)
    {
        if (!await SaveProgressAsync())
        {
            return;
        }

        BeginReplays();
        if (_pump is not { IsBusy: true } && _counts.Count == 0 && !IsOnWatch && (_pump?.Position ?? State.Position) == State.Position && _replayed.IsEmpty)
        {
            _saving?.Dispose();
            _saving = null;
        }
    }

    // True when all that is known now is saved.
    private async Task<bool> SaveProgressAsync()
    {
        var position = _pump?.Position ?? State.Position;
        if (_pump is { } pump)
        {
            _owes |= Watch(pump);
        }

        _owes |= FollowReplays();
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

        [LoggerMessage(2015, LogLevel.Warning, "The delivery log of webhook {Webhook}, which is removed, was not emptied; its lines go when their time is over")]
        public static partial void NotForgotten(ILogger logger, Exception failure, string webhook);

        [LoggerMessage(2014, LogLevel.Warning, "The test of webhook {Webhook} could not be written to the delivery log")]
        public static partial void TestNotKept(ILogger logger, Exception failure, string webhook);
    }
}
