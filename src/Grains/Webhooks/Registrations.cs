using System.Security.Cryptography;
using Capacitor.Tenants;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Makes and changes what is stored of webhooks. Nothing is decided by what was not checked.</summary>
internal sealed class Registrations(RegistrationSeal seal, TimeProvider time)
{
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromHours(168);

    /// <summary>Checks all but the URL. Throws <see cref="RefusedException"/>.</summary>
    public Registration Make(TenantId tenant, NewWebhook webhook)
    {
        var given = WebhookRules.ReadSecret(webhook.Secret);
        WebhookSecret[] signing = webhook.Signature == SignatureScheme.V1a
            ? given is null ? [SigningSecrets.Make(SignatureScheme.V1a)] : throw NoSecretWithV1a()
            : given is null ? [] : [new WebhookSecret { Text = given }];
        var (tls, summary) = TlsRules.Read(webhook.Tls, time.GetUtcNow());
        TlsRules.CheckUrl(webhook.Url, summary);
        var secrets = new RegistrationSecrets { Signing = signing, Headers = HeaderRules.Read(webhook.Headers), Tls = tls };
        var made = new Registration
        {
            Id = "wh_" + RandomNumberGenerator.GetHexString(32, lowercase: true),
            Url = webhook.Url,
            Events = WebhookRules.ReadEvents(webhook.Events),
            Active = webhook.Active ?? true,
            CreatedAt = time.GetUtcNow(),
            Version = 1,
            Description = WebhookRules.ReadDescription(webhook.Description),
            ChargeBoxIds = WebhookRules.ReadChargers(webhook.ChargeBoxIds),
            Policy = PolicyRules.Read(webhook.Policy),
            Signature = webhook.Signature,
            Tls = summary,
        };
        return Keep(tenant, made, secrets);
    }

    /// <summary>The registration after a change of which the URL was checked. Throws <see cref="RefusedException"/>.</summary>
    public Registration Change(TenantId tenant, Registration before, WebhookPatch patch)
    {
        var secrets = seal.Open(tenant, before);
        var (tls, summary) = patch.Tls.IsSet ? TlsRules.Read(patch.Tls.Value, time.GetUtcNow()) : (secrets.Tls, before.Tls);
        if (patch.Url is not null || patch.Tls.IsSet)
        {
            TlsRules.CheckUrl(patch.Url ?? before.Url, summary);
        }

        var scheme = patch.Signature.Over(before.Signature) ?? SignatureScheme.V1;
        var active = patch.Active ?? before.Active;
        var changed = before with
        {
            Url = patch.Url ?? before.Url,
            Events = patch.Events is null ? before.Events : WebhookRules.ReadEvents(patch.Events),
            Active = active,
            Version = before.Version + 1,
            Description = WebhookRules.ReadDescription(patch.Description.Over(before.Description)),
            ChargeBoxIds = WebhookRules.ReadChargers(patch.ChargeBoxIds.Over(before.ChargeBoxIds)),
            Policy = PolicyRules.Read(PolicyRules.Over(before.Policy, patch)),
            Signature = scheme,
            Tls = summary,
            DisabledReason = active ? null : before.DisabledReason,
            DisabledAt = active ? null : before.DisabledAt,
        };
        return Keep(tenant, changed, secrets with
        {
            Signing = ChangeSigning(secrets.Signing, before.Signature, scheme, patch),
            Headers = patch.Headers.IsSet ? HeaderRules.Read(patch.Headers.Value) : secrets.Headers,
            Tls = tls,
        });
    }

    /// <summary>The registration with a new secret, and what may be shown of it. Throws <see cref="RefusedException"/>.</summary>
    public (Registration Changed, RotatedSecret Shown) Rotate(TenantId tenant, Registration before, string? secret, TimeSpan overlap)
    {
        var given = WebhookRules.ReadSecret(secret);
        if (overlap < TimeSpan.Zero || overlap > LongestOverlap)
        {
            throw WebhookRules.Wrong("overlapHours", $"The overlapHours are {overlap.TotalHours:0}; 0 to {LongestOverlap.TotalHours:0} are allowed.");
        }

        if (given is not null && before.Signature == SignatureScheme.V1a)
        {
            throw NoSecretWithV1a();
        }

        var next = given is null ? SigningSecrets.Make(before.Signature) : new WebhookSecret { Text = given };
        var secrets = seal.Open(tenant, before);
        var signing = SigningSecrets.Rotate(secrets.Signing, next, overlap, time.GetUtcNow());
        return (
            Keep(tenant, before with { Version = before.Version + 1 }, secrets with { Signing = signing }),
            new RotatedSecret { Secret = SigningSecrets.PublicKeyOf(next) ?? next.Text, Scheme = next.Scheme, OldUntil = SigningSecrets.OldUntil(signing) });
    }

    /// <summary>The registration switched off for a reason other than its tenant's wish.</summary>
    public Registration Disable(Registration before, string reason) =>
        before with { Active = false, DisabledReason = reason, DisabledAt = time.GetUtcNow(), Version = before.Version + 1 };

    /// <summary>What the webhook's grain is told.</summary>
    public WebhookSettings Settings(TenantId tenant, Registration registration, TenantWebhooksState of) =>
        registration.Settings(tenant, of, seal.Open(tenant, registration));

    /// <summary>All of them, sealed as they should be. The same list when that is so already.</summary>
    public List<Registration> Renew(TenantId tenant, List<Registration> registrations)
    {
        var renewed = registrations.ConvertAll(registration => seal.Renew(tenant, registration));
        return renewed.SequenceEqual(registrations, ReferenceEqualityComparer.Instance) ? registrations : renewed;
    }

    private Registration Keep(TenantId tenant, Registration registration, RegistrationSecrets secrets)
    {
        var live = secrets with { Signing = SigningSecrets.Live(secrets.Signing, time.GetUtcNow()) };
        var shown = registration with
        {
            PublicKey = registration.Signature == SignatureScheme.V1a ? SigningSecrets.PublicKeyOf(live.Signing[0]) : null,
            HeaderNames = live.Headers.Count == 0 ? null : [.. live.Headers.Select(header => header.Name)],
        };
        return seal.Seal(tenant, shown, live);
    }

    private IReadOnlyList<WebhookSecret> ChangeSigning(IReadOnlyList<WebhookSecret> signing, SignatureScheme before, SignatureScheme after, WebhookPatch patch)
    {
        var given = WebhookRules.ReadSecret(patch.Secret.Value);
        if (after == SignatureScheme.V1a)
        {
            return patch.Secret.IsSet ? throw NoSecretWithV1a()
                : before == after ? signing
                : SigningSecrets.Rotate(signing, SigningSecrets.Make(after), SigningSecrets.SchemeOverlap, time.GetUtcNow());
        }

        if (before == after)
        {
            return !patch.Secret.IsSet ? signing : given is null ? [] : [new WebhookSecret { Text = given }];
        }

        return given is not null
            ? SigningSecrets.Rotate(signing, new WebhookSecret { Text = given }, SigningSecrets.SchemeOverlap, time.GetUtcNow())
            : throw WebhookRules.Wrong("secret", "To change the signature from v1a to v1, give the new secret with it: 1 to 256 characters.");
    }

    private static RefusedException NoSecretWithV1a() => WebhookRules.Wrong(
        "secret", "With the signature v1a the key pair is made here and no secret can be given. Leave the secret out; POST …/secret/rotate replaces the key pair.");
}
