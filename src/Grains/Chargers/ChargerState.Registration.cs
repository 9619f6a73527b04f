using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerState
{
    public bool IsOf(TenantId tenant) => Registration is { } registration && registration.Tenant == tenant;

    public void Register(TenantId tenant, NewCharger charger, DateTimeOffset now)
    {
        Registration = new Registration
        {
            Id = RandomId.New("chg_"),
            Tenant = tenant,
            ChargeBoxId = charger.ChargeBoxId,
            RegisteredAt = now,
            Name = charger.Name,
            Location = charger.Location,
            AssumeProtocol = charger.AssumeProtocol,
            PasswordHash = ChargerPassword.Hash(charger.Password),
            SecurityProfile = charger.SecurityProfile,
        };
        Emit(EventTypes.ChargerRegistered, now, EventBody.ChargerRegistered(Registration, now));
        Outbox.Charger = ToCharger();
    }

    public void Change(ChargerPatch patch)
    {
        var registration = Registered();
        Registration = registration with
        {
            Name = patch.Name.Over(registration.Name),
            Location = patch.Location.Over(registration.Location),
            AssumeProtocol = patch.AssumeProtocol.Over(registration.AssumeProtocol),
            PasswordHash = patch.Password.IsSet ? ChargerPassword.Hash(patch.Password.Value) : registration.PasswordHash,
            NextPasswordHash = patch.Password.IsSet ? null : registration.NextPasswordHash,
            SecurityProfile = patch.SecurityProfile.Over(registration.SecurityProfile),
        };
        Outbox.Charger = ToCharger();
    }

    /// <summary>Ends what goes on and forgets the charger; its events tell so, its transactions stay readable.</summary>
    public void Remove(DateTimeOffset now)
    {
        foreach (var open in Open.ToArray())
        {
            Close(open, Closing.ByServer("Other", open, now), now, superseded: false);
        }

        ClearFaults(now);
        ResolveAlarms("The charger is deleted.", now);
        Detach(DisconnectReason.Removed, now);
        Emit(EventTypes.ChargerDeleted, now, EventBody.ChargerDeleted(Registered(), now));
        Outbox.Charger = null;
        Outbox.RemovedCharger = Registered().ChargeBoxId;
        Registration = null;
        Told = Told.Nothing;
        Watch = new Watch();
        Boot = null;
        LastHeartbeat = null;
        Connectors.Clear();
        Ended.Clear();
        ClearAnomalies();
        TransactionProfiles.Clear();
    }
}
