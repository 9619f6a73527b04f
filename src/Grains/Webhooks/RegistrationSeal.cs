using Capacitor.Grains.Secrets;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Orleans.Serialization;

namespace Capacitor.Grains.Webhooks;

/// <summary>Seals what a registration keeps to itself, for its own tenant and webhook only.</summary>
internal sealed class RegistrationSeal(SecretBox box, Serializer serializer, OlderSilos older)
{
    /// <summary>The secrets of a stored registration. Throws <see cref="SecretKeysException"/>.</summary>
    public RegistrationSecrets Open(TenantId tenant, Registration registration)
    {
        if (registration.Sealed is { } text)
        {
            return serializer.Deserialize<RegistrationSecrets>(box.Open(text, Place(tenant, registration)))!;
        }

        return registration.Secret is { } secret ? new RegistrationSecrets { Signing = [new WebhookSecret { Text = secret }] } : RegistrationSecrets.None;
    }

    /// <summary>The registration with these secrets.</summary>
    public Registration Seal(TenantId tenant, Registration registration, RegistrationSecrets secrets) => registration with
    {
        Sealed = secrets.IsNone ? null : box.Seal(serializer.SerializeToArray(secrets), Place(tenant, registration)),
        Secret = older.Any ? secrets.NewestV1 : null,
    };

    /// <summary>The same registration; sealed anew when it is stored as an earlier version did, or with another key than the first.</summary>
    public Registration Renew(TenantId tenant, Registration registration)
    {
        var isDue = registration.Sealed is { } text
            ? !box.IsOfFirstKey(text) || (registration.Secret is not null && !older.Any)
            : registration.Secret is not null;
        return isDue ? Seal(tenant, registration, Open(tenant, registration)) : registration;
    }

    private static string Place(TenantId tenant, Registration registration) => $"webhooks/{tenant.GrainKey}/{registration.Id}";
}
