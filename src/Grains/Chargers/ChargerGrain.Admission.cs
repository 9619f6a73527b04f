using System.Security.Cryptography;
using Capacitor.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Grains.Chargers;

internal sealed partial class ChargerGrain
{
    private byte[]? _admitted;
    private Rejections? _rejections;

    public async Task<Admission> AdmitAsync(Credentials credentials)
    {
        if (State.Registration is not { } registration)
        {
            DeactivateOnIdle();
            return new Admission { Verdict = AdmissionVerdict.Unknown };
        }

        var refusal = await JudgeAsync(registration, credentials);
        if (refusal != AdmissionRefusal.None)
        {
            await TellAsync(refusal);
        }
        else if (registration.NextPasswordHash is not null)
        {
            await SettlePasswordAsync(registration, credentials.Basic);
        }

        return new Admission
        {
            Verdict = refusal switch
            {
                AdmissionRefusal.None => AdmissionVerdict.Admitted,
                AdmissionRefusal.Password => AdmissionVerdict.Unauthorized,
                _ => AdmissionVerdict.Forbidden,
            },
            ChargeBoxId = registration.ChargeBoxId,
            AssumeProtocol = registration.AssumeProtocol,
            Epoch = State.Epoch,
            Refusal = refusal,
            RegistrationId = refusal is AdmissionRefusal.None ? registration.Id : null,
            Tenant = refusal is AdmissionRefusal.None ? registration.Tenant.Value : null,
        };
    }

    public Task RejectAsync(AdmissionRefusal refusal) => State.Registration is null ? Task.CompletedTask : TellAsync(refusal);

    private async Task TellAsync(AdmissionRefusal refusal)
    {
        var now = time.GetUtcNow();
        if ((_rejections ??= new()).Tell(refusal, now) is not { } suppressed)
        {
            return;
        }

        try
        {
            State.Reject(refusal, suppressed, now);
            await SaveAsync();
        }
        catch (Exception)
        {
            _rejections.Miss(refusal, suppressed); // logged where it failed; the charger is refused all the same
        }
    }

    private async Task<AdmissionRefusal> JudgeAsync(Registration registration, Credentials credentials)
    {
        if (SecurityProfiles.JudgeConnection(registration.SecurityProfile, credentials) is var refusal and not AdmissionRefusal.None)
        {
            return refusal; // before the password: one that came the wrong way is not even looked at
        }

        if (registration.SecurityProfile is not SecurityProfile.MutualTls)
        {
            return Knows(registration, credentials.Basic) ? AdmissionRefusal.None : AdmissionRefusal.Password;
        }

        return credentials.Certificate is { } certificate
            ? ChargerCertificate.Judge(certificate, await AuthoritiesOf(registration.Tenant), registration.ChargeBoxId, time.GetUtcNow())
            : AdmissionRefusal.NoCertificate;
    }

    private async Task CheckProfileAsync(Registration registration, ChargerPatch patch)
    {
        var profile = patch.SecurityProfile.Over(registration.SecurityProfile);
        if (!patch.AllowDowngrade)
        {
            SecurityProfiles.CheckNoDowngrade(registration.SecurityProfile, profile);
        }

        var hasPassword = patch.Password.IsSet ? patch.Password.Value is not null : registration.PasswordHash is not null;
        var hasRoot = profile == registration.SecurityProfile
            || (profile is SecurityProfile.MutualTls && (await AuthoritiesOf(registration.Tenant)).Any(authority => authority.IsRoot));
        SecurityProfiles.Check(profile, hasPassword, hasRoot);
    }

    private Task<IReadOnlyList<CertificateAuthority>> AuthoritiesOf(TenantId tenant) => GrainFactory.GetGrain<ITenantGrain>(tenant.GrainKey).ListAuthoritiesAsync();

    private bool Knows(Registration registration, byte[]? basic)
    {
        if (registration.PasswordHash is null)
        {
            return true;
        }

        if (basic is null)
        {
            return false;
        }

        // The stored hash is slow on purpose; a thousand chargers that come back at once present what they presented before.
        var presented = SHA256.HashData(basic);
        if (_admitted is { } before && CryptographicOperations.FixedTimeEquals(before, presented))
        {
            return true;
        }

        if (HashOf(registration, basic) is not null)
        {
            _admitted = presented;
            return true;
        }

        return false;
    }

    /// <summary>Which of the passwords that the charger may have it presented; null: none.</summary>
    private static string? HashOf(Registration registration, byte[] basic) =>
        ChargerPassword.Presented(basic, registration.ChargeBoxId.Value) is { } password
            ? Array.Find([registration.PasswordHash, registration.NextPasswordHash], hash => hash is not null && ChargerPassword.Matches(hash, password))
            : null;

    // It was given another password and did not say whether it took it. Now it has.
    private async Task SettlePasswordAsync(Registration registration, byte[]? basic)
    {
        if (basic is not null && HashOf(registration, basic) is { } hash)
        {
            State.PasswordPresented(hash);
            await SaveAsync();
        }
    }
}
