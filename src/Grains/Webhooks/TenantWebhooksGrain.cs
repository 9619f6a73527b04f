using Capacitor.Events;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Capacitor.Grains.Webhooks;

/// <remarks>Reentrant, so that events flow while a registration waits for DNS or storage; changes take turns among themselves.</remarks>
[GrainType("tenant-webhooks"), Reentrant, ImplicitStreamSubscription(EventStream.Namespace)]
internal sealed partial class TenantWebhooksGrain(
    [PersistentState("webhooks", EventStream.ColdStorage)] IPersistentState<TenantWebhooksState> registry,
    WebhookRules rules,
    Registrations registrations,
    IOptions<WebhookOptions> options,
    TimeProvider time,
    ILogger<TenantWebhooksGrain> logger) : Grain, ITenantWebhooksGrain, IStreamSubscriptionObserver, IAsyncObserver<EventSlice>
{
    private static readonly TimeSpan WakePause = TimeSpan.FromSeconds(5);

    private readonly WebhookRoutes _routes = new();
    private readonly Dictionary<string, string> _failed = [];
    private IGrainTimer? _waking;
    private IGrainTimer? _disabling;
    private Task _lastChange = Task.CompletedTask;
    private TenantId _tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantId.FromGrainKey(this.GetPrimaryKeyString());
        foreach (var webhook in registry.State.Webhooks)
        {
            Route(webhook);
        }

        if (registry.State.Webhooks.Count > 0)
        {
            WakeSoon();
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _routes.Close();
        if (reason.ReasonCode == DeactivationReasonCode.ApplicationRequested)
        {
            foreach (var webhookId in _routes.Ids)
            {
                WebhookOf(webhookId).WakeAsync().Ignore(); // after a failed save: what the route held is in the journal
            }
        }

        return Task.CompletedTask;
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventSlice>().ResumeAsync(this);

    public Task OnNextAsync(EventSlice item, StreamSequenceToken? token = null)
    {
        _routes.Add(item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        Log.StreamFailed(logger, ex, _tenant.Value);
        return Task.CompletedTask;
    }

    public async Task<Webhook> CreateAsync(NewWebhook webhook)
    {
        var added = registrations.Make(_tenant, webhook);
        await rules.CheckUrlAsync(webhook.Url);
        using var turn = await TakeTurnAsync();
        CheckLimit();

        // The webhook first: a registration that is listed has a position to start from.
        await WebhookOf(added.Id).ConfigureAsync(registrations.Settings(_tenant, added, registry.State));
        await KeepAsync(registry.State.With(added));
        Route(added);
        Log.Created(logger, added.Id, _tenant.Value);
        return added.Show();
    }

    public Task<IReadOnlyList<Webhook>> ListAsync() =>
        Task.FromResult<IReadOnlyList<Webhook>>(registry.State.Webhooks.ConvertAll(webhook => webhook.Show()));

    public Task<Webhook?> FindAsync(string webhookId) => Task.FromResult(registry.State.Find(webhookId)?.Show());

    public async Task<Webhook?> ChangeAsync(string webhookId, WebhookPatch patch)
    {
        if (registry.State.Find(webhookId) is not { } found)
        {
            return null;
        }

        registrations.Change(_tenant, found, patch); // what is wrong is said before a name is looked up
        if (patch.Url is not null)
        {
            await rules.CheckUrlAsync(patch.Url);
        }

        using var turn = await TakeTurnAsync();
        if (registry.State.Find(webhookId) is not { } old)
        {
            return null;
        }

        var changed = registrations.Change(_tenant, old, patch);
        await KeepAsync(registry.State.Changed(changed));
        await TellAsync(changed);
        Log.Changed(logger, webhookId, _tenant.Value);
        return changed.Show();
    }

    public async Task<bool> RemoveAsync(string webhookId)
    {
        using var turn = await TakeTurnAsync();
        if (registry.State.Find(webhookId) is null)
        {
            return false;
        }

        _routes.Set(webhookId, null);
        await WebhookOf(webhookId).RemoveAsync();
        await KeepAsync(registry.State.Without(webhookId));
        Log.Removed(logger, webhookId, _tenant.Value);
        return true;
    }

    public async Task RemoveAllAsync()
    {
        using var turn = await TakeTurnAsync();
        foreach (var webhook in registry.State.Webhooks)
        {
            _routes.Set(webhook.Id, null);
            await WebhookOf(webhook.Id).RemoveAsync();
        }

        await this.EraseAsync(registry);
        DeactivateOnIdle();
    }

    public Task AllowAsync(bool deliveries) => PermitAsync(registry.State.Permit, deliveries);

    public Task PermitAsync(WebhookPermit permit) => PermitAsync(permit, permit.Deliveries);

    public async Task<RotatedSecret?> RotateSecretAsync(string webhookId, string? secret, TimeSpan overlap)
    {
        using var turn = await TakeTurnAsync();
        if (registry.State.Find(webhookId) is not { } old)
        {
            return null;
        }

        var (changed, shown) = registrations.Rotate(_tenant, old, secret, overlap);
        await KeepAsync(registry.State.Changed(changed));
        Log.Rotated(logger, webhookId, _tenant.Value);
        try
        {
            await TellAsync(changed);
        }
        catch (Exception failure)
        {
            // Stored, and told again soon; a secret that nobody was shown would be of no use.
            Log.NotWoken(logger, failure, _tenant.Value, WakePause);
        }

        return shown;
    }

    // By a timer: who calls is the webhook's own grain, and this one tells it what became of it.
    public Task DisableAsync(string webhookId, string reason)
    {
        _failed[webhookId] = reason;
        _disabling ??= this.RegisterGrainTimer(DisableAsync, new GrainTimerCreationOptions(TimeSpan.Zero, WakePause) { KeepAlive = true });
        return Task.CompletedTask;
    }

    private async Task DisableAsync(CancellationToken cancellation)
    {
        try
        {
            using var turn = await TakeTurnAsync();
            while (_failed.Count > 0)
            {
                var (webhookId, reason) = _failed.First();
                if (registry.State.Find(webhookId) is { Active: true } active)
                {
                    var disabled = registrations.Disable(active, reason);
                    await KeepAsync(registry.State.Changed(disabled));
                    Log.Disabled(logger, webhookId, _tenant.Value, reason);
                    _failed.Remove(webhookId);
                    await TellAsync(disabled);
                }

                _failed.Remove(webhookId);
            }

            _disabling?.Dispose();
            _disabling = null;
        }
        catch (Exception failure)
        {
            Log.NotWoken(logger, failure, _tenant.Value, WakePause);
        }
    }

    private async Task PermitAsync(WebhookPermit? permit, bool deliveries)
    {
        using var turn = await TakeTurnAsync();
        var state = registry.State;
        var webhooks = registrations.Renew(_tenant, state.Webhooks);
        if (state.Allowed != deliveries || state.Permit != permit || !ReferenceEquals(webhooks, state.Webhooks))
        {
            await KeepAsync(state with { Allowed = deliveries, Permit = permit, Webhooks = webhooks });
        }

        await WakeAllAsync();
    }

    // Webhooks beyond a limit that was lowered stay.
    private void CheckLimit()
    {
        var (count, permit) = (registry.State.Webhooks.Count, registry.State.Permit);
        if (permit?.MostWebhooks is { } most && count >= most)
        {
            var advice = permit.LargerTier is { } larger ? $"Remove one, or change to the {larger} tier, which allows more." : "Remove one first.";
            throw new RefusedException(RefusalKind.LimitReached, $"The {permit.Tier} tier allows {Webhooks(most)}, and that many are registered. {advice}")
            {
                RequiredTier = permit.LargerTier?.ToString().ToLowerInvariant(),
                CurrentTier = permit.Tier?.ToString().ToLowerInvariant(),
            };
        }

        if (count >= options.Value.MaxPerTenant)
        {
            throw new RefusedException(RefusalKind.LimitReached, $"All {options.Value.MaxPerTenant} webhooks of the tenant are in use. Remove one first.");
        }
    }

    private static string Webhooks(int count) => count == 1 ? "1 webhook" : $"{count} webhooks";

    private IWebhookGrain WebhookOf(string webhookId) => GrainFactory.WebhookOf(webhookId);

    // A timer, since an activation must not wait for all its webhooks. Goes on until they all have heard, be the store away for longer than an idle grain lives.
    private void WakeSoon() =>
        _waking ??= this.RegisterGrainTimer(WakeAsync, new GrainTimerCreationOptions(TimeSpan.Zero, WakePause) { KeepAlive = true });

    private async Task WakeAsync(CancellationToken cancellation)
    {
        try
        {
            using var turn = await TakeTurnAsync();
            await WakeAllAsync();
            _waking?.Dispose();
            _waking = null;
        }
        catch (Exception failure)
        {
            Log.NotWoken(logger, failure, _tenant.Value, WakePause);
        }
    }

    // Told again even if nothing changed: a crash may have come between the registry and the webhook.
    private Task WakeAllAsync() => Task.WhenAll(registry.State.Webhooks.Select(TellAsync));

    private async Task TellAsync(Registration webhook)
    {
        try
        {
            var grain = WebhookOf(webhook.Id);
            await grain.ConfigureAsync(registrations.Settings(_tenant, webhook, registry.State));
            Route(webhook);
            await grain.WakeAsync(); // for what the old route held
        }
        catch
        {
            WakeSoon(); // what is registered holds, whether the caller tries again or not
            throw;
        }
    }

    private Task KeepAsync(TenantWebhooksState state)
    {
        registry.State = state;
        return this.SaveAsync(registry);
    }

    private void Route(Registration webhook) => _routes.Set(
        webhook.Id,
        webhook.Active && registry.State.Allowed
            ? new WebhookRoute(webhook.Id, new EventFilter(webhook.Events, webhook.ChargeBoxIds), WebhookOf(webhook.Id), time, logger)
            : null);

    private async Task<Turn> TakeTurnAsync()
    {
        var before = _lastChange;
        var turn = new TaskCompletionSource();
        _lastChange = turn.Task;
        await before;
        return new Turn(turn);
    }

    private readonly struct Turn(TaskCompletionSource turn) : IDisposable
    {
        public void Dispose() => turn.SetResult();
    }
}
