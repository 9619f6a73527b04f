using Capacitor.Chargers;

namespace Capacitor.Grains.Chargers;

/// <summary>The rules of security profiles: which may be set, and which ways in they leave open.</summary>
internal static class SecurityProfiles
{
    private const string Field = "securityProfile";

    /// <summary>Throws <see cref="RefusedException"/> (Invalid) when nobody could connect with this profile, or a password would protect nothing.</summary>
    public static void Check(SecurityProfile? profile, bool hasPassword, bool tenantHasRoot)
    {
        switch (profile)
        {
            case SecurityProfile.Unsecured when hasPassword:
                throw Invalid("Security profile 0 asks for no password, but the charger has one. Take the password away (null), or use profile 1 or 2.");
            case SecurityProfile.Basic or SecurityProfile.TlsBasic when !hasPassword:
                throw Invalid($"Security profile {(int)profile} asks for a password, but the charger has none. Give it a 'password', too.");
            case SecurityProfile.MutualTls when !tenantHasRoot:
                throw Invalid("Security profile 3 asks for a certificate, but there is no certificate authority to check it against. Add one first: POST /api/v1/certificate-authorities.");
        }
    }

    /// <summary>Throws <see cref="RefusedException"/> (Conflict) when the change asks less of the charger. No profile at all is less than any.</summary>
    public static void CheckNoDowngrade(SecurityProfile? before, SecurityProfile? after)
    {
        if (before is { } higher && (after is not { } lower || lower < higher))
        {
            throw new RefusedException(
                RefusalKind.Conflict,
                $"The charger has security profile {(int)higher}, and this would lower it. Send \"allowDowngrade\":true along if that is what you want.",
                Field);
        }
    }

    /// <summary>
    /// The connection by itself. With a profile set, one that offers more is refused like one that offers less (OCPP 2.0.1 A00.FR.002): both sides must
    /// agree on what protects them, or a charger that was moved up by mistake could not tell a server from an impostor.
    /// </summary>
    public static AdmissionRefusal JudgeConnection(SecurityProfile? profile, Credentials presented) => profile switch
    {
        SecurityProfile.TlsBasic or SecurityProfile.MutualTls when !presented.IsEncrypted => AdmissionRefusal.PlainConnection,
        SecurityProfile.Unsecured or SecurityProfile.Basic when presented.IsEncrypted => AdmissionRefusal.EncryptedConnection,
        SecurityProfile.Unsecured when presented.Basic is not null => AdmissionRefusal.UnexpectedPassword,
        _ => AdmissionRefusal.None,
    };

    private static RefusedException Invalid(string message) => new(RefusalKind.Invalid, message, Field);
}
