using Capacitor.Chargers;
using Capacitor.Grains.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Grains.Tenants;

internal sealed partial class TenantGrain
{
    // Every registration passes here, so one count per activation is enough. Null: not known, or no longer sure.
    private int? _chargers;

    public async Task<Charger> RegisterChargerAsync(NewCharger charger)
    {
        if (tenant.State.Tenant is not { Suspended: false } owner)
        {
            throw new RefusedException(RefusalKind.Forbidden, $"The tenant {Id} {(tenant.State.Tenant is null ? "does not exist" : "is suspended")}: no charger can be registered.");
        }

        SecurityProfiles.Check(charger.SecurityProfile, charger.Password is not null, HasRoot);
        var registered = _chargers ?? await journal.CountChargersAsync(Id);
        _chargers = registered;
        if (LimitsOf(owner).Chargers is { } limit && registered >= limit)
        {
            throw new RefusedException(RefusalKind.LimitReached, LimitReached(owner.Tier, limit), "chargeBoxId");
        }

        try
        {
            var made = await GrainFactory.GetGrain<IChargerGrain>(charger.ChargeBoxId.GrainKey).RegisterAsync(Id, charger);
            _chargers = registered + 1;
            return made;
        }
        catch (Exception failure) when (failure is not RefusedException)
        {
            _chargers = null; // it may have happened
            throw;
        }
    }

    public async Task<bool> RemoveChargerAsync(ChargeBoxId charger)
    {
        var registered = _chargers;
        _chargers = null; // until the answer is here
        if (!await GrainFactory.GetGrain<IChargerGrain>(charger.GrainKey).RemoveAsync(Id))
        {
            _chargers = registered;
            return false;
        }

        _chargers = registered - 1;
        return true;
    }

    private string LimitReached(Tier tier, int limit)
    {
        var refusal = $"The {tier} tier allows {Chargers(limit)}, and that many are registered.";
        return tiers.Value.WithMoreChargersThan(limit) is { } larger
            ? $"{refusal} Remove one, or change to the {larger} tier, which allows {(tiers.Value.Of(larger).Chargers is { } more ? Chargers(more) : "any number")}."
            : $"{refusal} Remove one first.";
    }
}
