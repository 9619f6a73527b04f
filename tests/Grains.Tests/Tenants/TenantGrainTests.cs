using Capacitor.Chargers;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Tenants;

public sealed class TenantGrainTests(TenantCluster cluster) : IClassFixture<TenantCluster>
{
    private static int _made;

    private readonly string _id = $"tnt_{Interlocked.Increment(ref _made)}";

    private ITenantGrain Tenant => cluster.Tenant(_id);

    [Fact]
    public async Task Create_ANewTenant_IsFoundAndListed()
    {
        var made = await Tenant.CreateAsync("Acme", Tier.Starter);
        Assert.Equal(made, await Tenant.FindAsync());
        Assert.Equal((new TenantId(_id), "Acme", Tier.Starter, false), (made.Id, made.Name, made.Tier, made.Suspended));
        Assert.Contains(made.Id, await cluster.ListAsync());
        await RefusedAsync(RefusalKind.Conflict, () => Tenant.CreateAsync("Again", Tier.Free));
    }

    [Fact]
    public async Task Find_NoSuchTenant_AnswersNothing()
    {
        Assert.Null(await Tenant.FindAsync());
        Assert.Null(await Tenant.ChangeAsync(new TenantPatch { Name = "x" }));
        Assert.False(await Tenant.RemoveAsync());
        Assert.Null(await Tenant.EnterAsync("key_1"));
        Assert.Empty(await Tenant.ListKeysAsync());
        await RefusedAsync(RefusalKind.Forbidden, () => Tenant.CreateKeyAsync("x"));
        await RefusedAsync(RefusalKind.Forbidden, () => Tenant.RegisterChargerAsync(Charger("NOBODY-1")));
        Assert.DoesNotContain(new TenantId(_id), await cluster.ListAsync());
    }

    [Fact]
    public async Task Change_NamedMembers_LeavesTheOthersAlone()
    {
        await Tenant.CreateAsync("Acme", Tier.Starter);
        var changed = await Tenant.ChangeAsync(new TenantPatch { Tier = Tier.Growth, Suspended = true });
        Assert.Equal(("Acme", Tier.Growth, true), (changed!.Name, changed.Tier, changed.Suspended));
        Assert.Equal(changed, await Tenant.FindAsync());
    }

    [Fact]
    public async Task CreateKey_ANewOne_WorksUntilItIsRevoked()
    {
        await Tenant.CreateAsync("Acme", Tier.Scale);
        var made = await Tenant.CreateKeyAsync("mine");
        Assert.Equal(new ApiKeyOwner(new TenantId(_id), made.Info.Id), await cluster.Key(made.Key).FindAsync());
        Assert.NotNull(await Tenant.EnterAsync(made.Info.Id));

        var listed = Assert.Single(await Tenant.ListKeysAsync());
        Assert.Equal(("mine", made.Info.Prefix), (listed.Name, listed.Prefix));
        Assert.NotNull(listed.LastUsed);

        Assert.True(await Tenant.RevokeKeyAsync(made.Info.Id));
        Assert.Null(await cluster.Key(made.Key).FindAsync());
        Assert.Null(await Tenant.EnterAsync(made.Info.Id));
        Assert.Empty(await Tenant.ListKeysAsync());
        Assert.False(await Tenant.RevokeKeyAsync(made.Info.Id));
    }

    [Fact]
    public async Task CreateKey_WithAGivenSecret_IsTheSameTheSecondTimeAndNobodyElses()
    {
        await Tenant.CreateAsync("Acme", Tier.Scale);
        var secret = new ApiKeySecret($"cap_live_given_{Guid.NewGuid():N}");
        var first = await Tenant.CreateKeyAsync("mine", secret);
        Assert.Equal(first.Info.Id, (await Tenant.CreateKeyAsync("mine", secret)).Info.Id);
        Assert.Single(await Tenant.ListKeysAsync());

        var other = cluster.Tenant(_id + "_other");
        await other.CreateAsync("Other", Tier.Scale);
        await RefusedAsync(RefusalKind.Conflict, () => other.CreateKeyAsync("theirs", secret));
        Assert.Empty(await other.ListKeysAsync());
    }

    [Fact]
    public async Task Enter_BeyondTheDaysCalls_SaysSoAndWhenItEnds()
    {
        await Tenant.CreateAsync("Acme", Tier.Free);
        var key = (await Tenant.CreateKeyAsync("mine")).Info.Id;
        for (var left = 49; left >= 0; left--)
        {
            var allowed = await Tenant.EnterAsync(key);
            Assert.Equal((true, 50, left, false), (allowed!.WithinDailyLimit, allowed.DailyLimit, allowed.DailyRemaining, allowed.WebhooksIncluded));
        }

        var refused = await Tenant.EnterAsync(key);
        Assert.Equal((false, 0), (refused!.WithinDailyLimit, refused.DailyRemaining));
        Assert.Equal(TimeSpan.Zero, refused.ResetsAt.TimeOfDay);

        await Tenant.ChangeAsync(new TenantPatch { Tier = Tier.Scale });
        var unlimited = await Tenant.EnterAsync(key);
        Assert.Equal((true, null, null, true), (unlimited!.WithinDailyLimit, unlimited.DailyLimit, unlimited.DailyRemaining, unlimited.WebhooksIncluded));
    }

    [Fact]
    public async Task RegisterCharger_AtTheTiersLimit_IsRefusedUntilOneIsRemovedOrTheTierGrows()
    {
        await Tenant.CreateAsync("Acme", Tier.Free);
        var charger = await Tenant.RegisterChargerAsync(Charger($"{_id}-A"));
        Assert.Equal(new TenantId(_id), charger.Tenant);
        var refusal = await RefusedAsync(RefusalKind.LimitReached, () => Tenant.RegisterChargerAsync(Charger($"{_id}-B")));
        Assert.Equal("The Free tier allows 1 charger, and that many are registered. Remove one, or change to the Starter tier, which allows 5 chargers.", refusal.Message);

        Assert.False(await Tenant.RemoveChargerAsync(new ChargeBoxId($"{_id}-B")));
        Assert.True(await Tenant.RemoveChargerAsync(new ChargeBoxId($"{_id}-a")));
        await Tenant.RegisterChargerAsync(Charger($"{_id}-B"));

        await Tenant.ChangeAsync(new TenantPatch { Tier = Tier.Starter });
        await Tenant.RegisterChargerAsync(Charger($"{_id}-C"));
    }

    [Fact]
    public async Task RegisterCharger_OfAnotherTenant_IsAConflictThatDoesNotCount()
    {
        var owner = cluster.Tenant(_id + "_owner");
        await owner.CreateAsync("Owner", Tier.Scale);
        await owner.RegisterChargerAsync(Charger($"{_id}-TAKEN"));
        await Tenant.CreateAsync("Acme", Tier.Free);
        await RefusedAsync(RefusalKind.Conflict, () => Tenant.RegisterChargerAsync(Charger($"{_id}-taken")));
        await Tenant.RegisterChargerAsync(Charger($"{_id}-FREE"));
    }

    [Fact]
    public async Task RegisterCharger_WhileSuspended_IsRefused()
    {
        await Tenant.CreateAsync("Acme", Tier.Scale);
        await Tenant.ChangeAsync(new TenantPatch { Suspended = true });
        await RefusedAsync(RefusalKind.Forbidden, () => Tenant.RegisterChargerAsync(Charger($"{_id}-A")));
    }

    [Fact]
    public async Task Remove_WithChargers_IsAConflictAndWithoutThemTakesKeysAndWebhooksAlong()
    {
        await Tenant.CreateAsync("Acme", Tier.Scale);
        var key = await Tenant.CreateKeyAsync("mine");
        await Tenant.RegisterChargerAsync(Charger($"{_id}-A"));
        var webhooks = cluster.Grains.GetGrain<ITenantWebhooksGrain>(new TenantId(_id).GrainKey);
        await webhooks.CreateAsync(new NewWebhook { Url = "https://198.51.100.7/hook", Events = ["*"] });
        await RefusedAsync(RefusalKind.Conflict, Tenant.RemoveAsync);

        await Tenant.RemoveChargerAsync(new ChargeBoxId($"{_id}-A"));
        Assert.True(await Tenant.RemoveAsync());
        Assert.Null(await Tenant.FindAsync());
        Assert.Null(await cluster.Key(key.Key).FindAsync());
        Assert.Empty(await webhooks.ListAsync());
        Assert.DoesNotContain(new TenantId(_id), await cluster.ListAsync());
        Assert.False(await Tenant.RemoveAsync());
    }

    private static NewCharger Charger(string id) => new() { ChargeBoxId = new ChargeBoxId(id) };

    private static async Task<RefusedException> RefusedAsync(RefusalKind kind, Func<Task> request)
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(request);
        Assert.Equal(kind, refusal.Kind);
        return refusal;
    }
}

public sealed class TenantRestartTests(TenantCluster cluster) : IClassFixture<TenantCluster>
{
    [Fact]
    public async Task Restart_OnTheSameData_RemembersTenantsKeysCountsAndTransactionIds()
    {
        var tenant = cluster.Tenant("tnt_1");
        await tenant.CreateAsync("Acme", Tier.Free);
        var key = await tenant.CreateKeyAsync("mine");
        await tenant.EnterAsync(key.Info.Id);
        await tenant.RegisterChargerAsync(new NewCharger { ChargeBoxId = new ChargeBoxId("CP-1") });
        var first = await cluster.Grains.GetGrain<ITransactionIdGrain>(ITransactionIdGrain.Key).ReserveAsync(1_000);
        var usedAt = Assert.Single(await tenant.ListKeysAsync()).LastUsed;

        await cluster.RestartAsync();

        tenant = cluster.Tenant("tnt_1");
        Assert.Equal("Acme", (await tenant.FindAsync())!.Name);
        Assert.Equal([new TenantId("tnt_1")], await cluster.ListAsync());
        Assert.Equal(key.Info.Id, (await cluster.Key(key.Key).FindAsync())!.KeyId);
        Assert.Equal(usedAt, Assert.Single(await tenant.ListKeysAsync()).LastUsed);
        await Assert.ThrowsAsync<RefusedException>(() => tenant.RegisterChargerAsync(new NewCharger { ChargeBoxId = new ChargeBoxId("CP-2") }));
        Assert.Equal(first + 1_000, await cluster.Grains.GetGrain<ITransactionIdGrain>(ITransactionIdGrain.Key).ReserveAsync(1));
    }
}
