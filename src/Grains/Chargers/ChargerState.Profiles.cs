using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Ocpp.V16;
using Capacitor.Records;

namespace Capacitor.Grains.Chargers;

/// <summary>OCPP 1.6 §5.16: what the charger was told about how much it may draw.</summary>
internal sealed partial class ChargerState
{
    public void ProfileApplied(InstalledProfile profile, ChargingProfile given, DateTimeOffset now)
    {
        Forget(profile);
        if (profile.TransactionId is { } transaction && Open.Exists(open => open.Id == transaction))
        {
            TransactionProfiles.Add(new TransactionProfile(ChargerRows.KeyOf(profile).Id, transaction));
        }

        Emit(EventTypes.ChargingProfileApplied, now, EventBody.Profile(EventTypes.ChargingProfileApplied, profile, null, now));
        if (IsLimit(profile.Purpose))
        {
            Emit(EventTypes.LoadLimitApplied, now, EventBody.Limit(EventTypes.LoadLimitApplied, profile, given.ChargingSchedule, now));
        }
    }

    /// <summary>OCPP 1.6 §3.13.2: a profile for one transaction ends with it.</summary>
    private void DropProfilesOf(int transactionId)
    {
        foreach (var profile in TransactionProfiles.FindAll(profile => profile.TransactionId == transactionId))
        {
            TransactionProfiles.Remove(profile);
            Outbox.Records.Add(RecordChange.Remove(new RecordKey(Registered().Tenant, RecordKinds.ChargingProfile, profile.RecordId)));
        }
    }

    /// <summary>The record is another's from now on, or nobody's.</summary>
    public void Forget(InstalledProfile profile) => TransactionProfiles.RemoveAll(other => other.RecordId == ChargerRows.KeyOf(profile).Id);

    public void ProfileRejected(InstalledProfile profile, string status, DateTimeOffset now) =>
        Emit(EventTypes.ChargingProfileRejected, now, EventBody.Profile(EventTypes.ChargingProfileRejected, profile, status, now));

    public void ProfileCleared(InstalledProfile profile, DateTimeOffset now)
    {
        Forget(profile);
        Emit(EventTypes.ChargingProfileCleared, now, EventBody.Profile(EventTypes.ChargingProfileCleared, profile, null, now));
        if (IsLimit(profile.Purpose))
        {
            Emit(EventTypes.LoadLimitReleased, now, EventBody.Limit(EventTypes.LoadLimitReleased, profile, ReadSchedule(profile), now));
        }
    }

    // A profile for one transaction is no limit of the place: it goes with its transaction.
    private static bool IsLimit(string purpose) => purpose is ChargingProfilePurposes.ChargePointMaxProfile or ChargingProfilePurposes.TxDefaultProfile;

    private static ChargingSchedule? ReadSchedule(InstalledProfile profile) => Ocpp16Reader.Read<ChargingProfile>(profile.Profile).Value?.ChargingSchedule;
}
