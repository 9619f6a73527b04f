using System.Text;
using Capacitor.Chargers;
using Capacitor.Grains.Secrets;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests;

/// <summary>A call that fails or takes too long is logged with its arguments, so none of them may print what it holds.</summary>
public sealed class SecretsTests
{
    private const string Secret = "cap_s3cret_0123456789";
    private const string Sealing = Webhooks.WebhookSilo.SecretKey;
    private const string Url = "https://hooks.example.com/" + Secret;

    public static TheoryData<object> Holders => new(
        new NewCharger { ChargeBoxId = new ChargeBoxId("CP-1"), Password = Secret },
        new ChargerPatch { Password = Setting.To(Secret) },
        Setting.To(Secret),
        new Credentials { Basic = Encoding.UTF8.GetBytes(Secret) },
        new NewWebhook { Url = Url, Events = ["*"], Secret = Secret },
        new WebhookPatch { Url = Url, Secret = Setting.To(Secret) },
        new Webhook { Id = "wh_1", Url = Url, Events = ["*"], Active = true, CreatedAt = default },
        new WebhookSettings { Tenant = TenantId.Default, WebhookId = "wh_1", Url = Url, Events = ["*"], Secret = Secret, Delivering = true },
        new NewWebhook { Url = Url, Events = ["*"], Headers = [new("X-Mine", Secret)], Tls = new WebhookTls { ClientKey = Secret } },
        new WebhookPatch { Headers = Change.To<IReadOnlyList<WebhookHeader>>([new("X-Mine", Secret)]), Tls = Change.To(new WebhookTls { ClientKey = Secret }) },
        Change.To(Secret),
        Change.To<IReadOnlyList<WebhookHeader>>([new("X-Mine", Secret)]),
        new WebhookHeader("X-Mine", Secret),
        new WebhookSecret { Text = Secret },
        new WebhookTls { ClientKey = Secret },
        new RotatedSecret { Secret = Secret, Scheme = SignatureScheme.V1 },
        new RegistrationSecrets { Signing = [new WebhookSecret { Text = Secret }] },
        SecretKey.TryParse(Sealing, out var key) ? key : null!,
        new ApiKeySecret(Secret),
        new CreatedApiKey { Info = new ApiKey { Id = "key_1", Name = "mine", Prefix = "cap_****", CreatedAt = default }, Key = Secret });

    [Theory, MemberData(nameof(Holders), DisableDiscoveryEnumeration = true)]
    public void ToString_OfWhatHoldsASecret_DoesNotShowIt(object holder)
    {
        Assert.DoesNotContain(Secret, holder.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Sealing, holder.ToString(), StringComparison.Ordinal);
    }
}
