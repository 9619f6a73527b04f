using System.Security.Cryptography;
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
    IOptions<WebhookOptions> options,
    TimeProvider time,
    ILogger<TenantWebhooksGrain> logger) : Grain, ITenantWebhooksGrain, IStreamSubscriptionObserver, IAsyncObserver<EventSlice>
{
    private static readonly TimeSpan WakePause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, WebhookRoute> _routes = [];
    private IGrainTimer? _waking;
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
        foreach (var (webhookId, route) in _routes)
        {
            route.Close();
            if (reason.ReasonCode == DeactivationReasonCode.ApplicationRequested)
            {
                WebhookOf(webhookId).WakeAsync().Ignore(); // after a failed save: what the route held is in the journal
            }
        }

        return Task.CompletedTask;
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventSlice>().ResumeAsync(this);

    public Task OnNextAsync(EventSlice item, StreamSequenceToken? token = null)
    {
        foreach (var route in _routes.Values)
        {
            route.Add(item);
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        Log.StreamFailed(logger, ex, _tenant.Value);
        return Task.CompletedTask;
    }

    public async Task<Webhook> CreateAsync(NewWebhook webhook)
    {
        var events = WebhookRules.ReadEvents(webhook.Events);
        var secret = WebhookRules.ReadSecret(webhook.Secret);
        await rules.CheckUrlAsync(webhook.Url);
        using var turn = await TakeTurnAsync();
        if (registry.State.Webhooks.Count >= options.Value.MaxPerTenant)
        {
            throw new RefusedException(RefusalKind.LimitReached, $"All {options.Value.MaxPerTenant} webhooks of the tenant are in use. Remove one first.");
        }

        var added = new Registration
        {
            Id = "wh_" + RandomNumberGenerator.GetHexString(32, lowercase: true),
            Url = webhook.Url,
            Events = events,
            Secret = secret,
            Active = true,
            CreatedAt = time.GetUtcNow(),
        };

        // The webhook first: a registration that is listed has a position to start from.
        await WebhookOf(added.Id).ConfigureAsync(added.Settings(_tenant, registry.State.Allowed));
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
        if (registry.State.Find(webhookId) is null)
        {
            return null;
        }

        var events = patch.Events is null ? null : WebhookRules.ReadEvents(patch.Events);
        var secret = WebhookRules.ReadSecret(patch.Secret.Value);
        if (patch.Url is not null)
        {
            await rules.CheckUrlAsync(patch.Url);
        }

        using var turn = await TakeTurnAsync();
        if (registry.State.Find(webhookId) is not { } old)
        {
            return null;
        }

        var changed = old with
        {
            Url = patch.Url ?? old.Url,
            Events = events ?? old.Events,
            Secret = patch.Secret.IsSet ? secret : old.Secret,
            Active = patch.Active ?? old.Active,
        };
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

        Unroute(webhookId);
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
            Unroute(webhook.Id);
            await WebhookOf(webhook.Id).RemoveAsync();
        }

        await this.EraseAsync(registry);
        DeactivateOnIdle();
    }

    public async Task AllowAsync(bool deliveries)
    {
        using var turn = await TakeTurnAsync();
        if (registry.State.Allowed != deliveries)
        {
            await KeepAsync(new TenantWebhooksState { Allowed = deliveries, Webhooks = registry.State.Webhooks });
        }

        await WakeAllAsync();
    }

    public Task PermitAsync(WebhookPermit permit) => AllowAsync(permit.Deliveries);

    public Task<RotatedSecret?> RotateSecretAsync(string webhookId, string? secret, TimeSpan overlap) => throw new NotImplementedException();

    public Task DisableAsync(string webhookId, string reason) => throw new NotImplementedException();

    private IWebhookGrain WebhookOf(string webhookId) => GrainFactory.WebhookOf(webhookId);

    // A timer, since an activation must not wait for all its webhooks. Goes on until they all have heard.
    private void WakeSoon() => _waking ??= this.RegisterGrainTimer(WakeAsync, TimeSpan.Zero, WakePause);

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
            await grain.ConfigureAsync(webhook.Settings(_tenant, registry.State.Allowed));
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

    private void Route(Registration webhook)
    {
        Unroute(webhook.Id);
        if (webhook.Active && registry.State.Allowed)
        {
            _routes[webhook.Id] = new WebhookRoute(webhook.Id, new EventFilter(webhook.Events), WebhookOf(webhook.Id), time, logger);
        }
    }

    private void Unroute(string webhookId)
    {
        if (_routes.Remove(webhookId, out var route))
        {
            route.Close();
        }
    }

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

    private static partial class Log
    {
        [LoggerMessage(2030, LogLevel.Information, "Webhook {Webhook} registered for tenant {Tenant}")]
        public static partial void Created(ILogger logger, string webhook, string tenant);

        [LoggerMessage(2031, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant} changed")]
        public static partial void Changed(ILogger logger, string webhook, string tenant);

        [LoggerMessage(2032, LogLevel.Information, "Webhook {Webhook} of tenant {Tenant} removed")]
        public static partial void Removed(ILogger logger, string webhook, string tenant);

        [LoggerMessage(2033, LogLevel.Warning, "The event stream of tenant {Tenant} failed")]
        public static partial void StreamFailed(ILogger logger, Exception failure, string tenant);

        [LoggerMessage(2034, LogLevel.Warning, "The webhooks of tenant {Tenant} could not be woken; next try in {Pause}")]
        public static partial void NotWoken(ILogger logger, Exception failure, string tenant, TimeSpan pause);
    }
}
