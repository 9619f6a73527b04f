using Capacitor.Events;
using Capacitor.Grains.Secrets;
using Capacitor.Grains.Webhooks;
using Capacitor.IdTags;
using Capacitor.Records;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Tenants;

/// <summary>One tenant: what it may do, its keys, and how many chargers it has.</summary>
[GrainType("tenant")]
internal sealed partial class TenantGrain(
    [PersistentState("tenant", EventStream.ColdStorage)] IPersistentState<TenantState> tenant,
    [PersistentState("daily-calls", EventStream.ColdStorage)] IPersistentState<DailyCallsState> reserved,
    IJournalReader journal,
    IOptions<TierOptions> tiers,
    IOptions<WebhookOptions> webhookOptions,
    OlderSilos older,
    TimeProvider time,
    ILogger<TenantGrain> logger) : Grain, ITenantGrain
{
    private TenantId Id => TenantId.FromGrainKey(this.GetPrimaryKeyString());

    private ITenantDirectoryGrain Directory => GrainFactory.GetGrain<ITenantDirectoryGrain>(ITenantDirectoryGrain.Key);

    private ITenantWebhooksGrain Webhooks => GrainFactory.GetGrain<ITenantWebhooksGrain>(this.GetPrimaryKeyString());

    private TierLimits LimitsOf(Tenant of) => tiers.Value.Of(of.Tier);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _calls.Restore(reserved.State.Day, reserved.State.Count, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await SettleCallsAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        // Not after a failed write (ApplicationRequested): what is in memory then was refused to its caller.
        if (_used.Count > 0 && reason.ReasonCode is (DeactivationReasonCode.ActivationIdle or DeactivationReasonCode.ShuttingDown))
        {
            await SaveUsesAsync();
        }
    }

    public async Task<Tenant> CreateAsync(string name, Tier tier)
    {
        if (tenant.State.Tenant is not null)
        {
            throw new RefusedException(RefusalKind.Conflict, $"The tenant {Id} exists already.");
        }

        // The directory first: a tenant that it does not know would never have its webhooks woken.
        await Directory.AddAsync(Id);
        var created = new Tenant { Id = Id, Name = name, Tier = tier, Suspended = false, CreatedAt = time.GetUtcNow() };
        tenant.State.Tenant = created;
        await this.SaveAsync(tenant);
        await PermitAsync(created);
        Log.Created(logger, Id, tier);
        return created;
    }

    public Task<Tenant?> FindAsync()
    {
        if (tenant.State.Tenant is null)
        {
            DeactivateOnIdle();
        }

        return Task.FromResult(tenant.State.Tenant);
    }

    public async Task<Tenant?> ChangeAsync(TenantPatch patch)
    {
        if (tenant.State.Tenant is not { } before)
        {
            return null;
        }

        var after = before with
        {
            Name = patch.Name ?? before.Name,
            Tier = patch.Tier ?? before.Tier,
            Suspended = patch.Suspended ?? before.Suspended,
            UnknownIdTagPolicy = patch.UnknownIdTagPolicy ?? before.UnknownIdTagPolicy,
        };
        if (after != before)
        {
            tenant.State.Tenant = after;
            await this.SaveAsync(tenant);
            Log.Changed(logger, Id, after.Tier, after.Suspended);
        }

        // Told even when nothing changed: a caller whose first attempt failed half way tries again.
        if (patch.Tier is not null || patch.Suspended is not null)
        {
            await PermitAsync(after);
        }

        if (patch.UnknownIdTagPolicy is { } unknown)
        {
            await GrainFactory.GetGrain<ITenantIdTagsGrain>(this.GetPrimaryKeyString()).SetUnknownAsync(unknown);
        }

        return after;
    }

    public async Task<bool> RemoveAsync()
    {
        if (tenant.State.Tenant is null)
        {
            await Directory.RemoveAsync(Id); // what an earlier attempt may have left
            DeactivateOnIdle();
            return false;
        }

        var chargers = await journal.CountChargersAsync(Id);
        if (chargers > 0)
        {
            throw new RefusedException(RefusalKind.Conflict, $"The tenant {Id} has {Chargers(chargers)} registered. Remove them first.");
        }

        foreach (var key in tenant.State.Keys)
        {
            await ApiKeyOf(key.Hash).RevokeAsync();
        }

        await Webhooks.RemoveAllAsync();
        await this.EraseAsync(tenant);
        await ForgetCallsAsync();
        await Directory.RemoveAsync(Id);
        Log.Removed(logger, Id);
        DeactivateOnIdle();
        return true;
    }

    public async Task<TenantUsage?> ReadUsageAsync()
    {
        if (tenant.State.Tenant is not { } found)
        {
            return null;
        }

        var chargers = await journal.CountChargersAsync(Id);
        var idTags = await journal.ListRecordsAsync(Id, new RecordFilter { Kind = RecordKinds.IdTag }, 1, 0);
        var webhooks = await Webhooks.ListAsync();
        var limits = LimitsOf(found);
        var now = time.GetUtcNow();
        _calls.Turn(now);
        return new()
        {
            Tenant = found,
            MostChargers = limits.Chargers,
            MostCallsPerDay = limits.ApiCallsPerDay,
            MostWebhooks = limits.Webhooks ? Math.Min(limits.MostWebhooks ?? int.MaxValue, webhookOptions.Value.MaxPerTenant) : 0,
            CallsPerSecond = limits.BoundsBursts ? limits.CallsPerSecond : null,
            CallsAtOnce = limits.BoundsBursts ? limits.CallsAtOnce : null,
            MostKeys = MaxKeys,
            DeliveryLogDays = limits.DeliveryLogDays,
            MostIdTags = limits.MostIdTags,
            MessageLogDays = limits.MessageLogDays,
            Chargers = chargers,
            CallsToday = _calls.Count,
            Webhooks = webhooks.Count,
            IdTags = idTags.Total,
            Keys = tenant.State.Keys.Count,
            ResetsAt = DailyCalls.ResetsAt(now),
        };
    }

    // What the webhooks were told is stored with them; since then the tiers may have been configured anew, or a crash may have kept it from them.
    public Task WakeWebhooksAsync()
    {
        if (tenant.State.Tenant is { } found)
        {
            return PermitAsync(found);
        }

        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task PermitAsync(Tenant of)
    {
        var limits = LimitsOf(of);
        var deliveries = limits.Webhooks && !of.Suspended;
        return older.Any
            ? Webhooks.AllowAsync(deliveries) // all that a silo of the version before understands; the last start of the upgrade says the rest
            : Webhooks.PermitAsync(new()
            {
                Deliveries = deliveries,
                MostWebhooks = limits.MostWebhooks,
                LogRetention = TimeSpan.FromDays(limits.DeliveryLogDays),
                Tier = of.Tier,
                LargerTier = limits.MostWebhooks is { } most ? tiers.Value.WithMoreWebhooksThan(most) : null,
            });
    }

    private static string Chargers(int count) => count == 1 ? "1 charger" : $"{count} chargers";
}
