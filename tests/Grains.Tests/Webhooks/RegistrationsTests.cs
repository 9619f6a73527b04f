using System.Collections.Immutable;
using System.Text;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Secrets;
using Capacitor.Grains.Tests.Secrets;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What is stored of a webhook, and what becomes of its secrets.</summary>
public sealed class RegistrationsTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly TenantId Tenant = new("acme");
    private static readonly TenantWebhooksState State = new() { Allowed = true };

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new(new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly Cluster _cluster = new();
    private readonly SecretKey _key = SecretKey.Make();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Make_WithSecrets_StoresNoneInTheClear()
    {
        var made = Desk().Make(Tenant, New() with { Secret = Secret, Headers = [new("Authorization", "Bearer s3cret")] });
        var stored = Encoding.Latin1.GetString(_services.GetRequiredService<Serializer>().SerializeToArray(made));

        Assert.DoesNotContain(Secret, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer s3cret", stored, StringComparison.Ordinal);
        Assert.Equal(["Authorization"], made.HeaderNames);
        var settings = Desk().Settings(Tenant, made, State);
        Assert.Equal((Secret, Secret, "Bearer s3cret"), (settings.Secret, settings.Secrets![0].Text, settings.Headers[0].Value));
        Assert.Throws<SecretKeysException>(() => Desk().Settings(Tenant, made with { Id = "wh_other" }, State));
        Assert.Throws<SecretKeysException>(() => Desk().Settings(new TenantId("other"), made, State));
    }

    [Fact]
    public void Make_V1a_ShowsThePublicKeyOnly()
    {
        var made = Desk().Make(Tenant, New() with { Signature = SignatureScheme.V1a });
        var settings = Desk().Settings(Tenant, made, State);
        Assert.StartsWith("whpk_", made.Show().PublicKey, StringComparison.Ordinal);
        Assert.StartsWith("v1a,", new WebhookSigner(settings).Sign("evt_1", "1", "{}"u8), StringComparison.Ordinal);
        Assert.Null(settings.Secret);
        Refused("secret", () => Desk().Make(Tenant, New() with { Signature = SignatureScheme.V1a, Secret = Secret }));
    }

    [Fact]
    public void Change_Secret_ReplacesAllAtOnce()
    {
        var (rotated, _) = Desk().Rotate(Tenant, Desk().Make(Tenant, New() with { Secret = "a" }), "b", TimeSpan.FromHours(24));
        Assert.Equal(["c"], Signing(Desk().Change(Tenant, rotated, new() { Secret = Setting.To("c") })));
        Assert.Empty(Signing(Desk().Change(Tenant, rotated, new() { Secret = Setting.To(null) })));
        Assert.Equal(["b", "a"], Signing(Desk().Change(Tenant, rotated, new() { Url = "https://b.invalid" })));
    }

    [Fact]
    public void Change_SignatureThereAndBack_TheOldSchemeGoesOnForADay()
    {
        var v1 = Desk().Make(Tenant, New() with { Secret = "a" });
        var v1a = Desk().Change(Tenant, v1, new() { Signature = Change.To<SignatureScheme?>(SignatureScheme.V1a) });
        Assert.StartsWith("whpk_", v1a.PublicKey, StringComparison.Ordinal);
        Assert.Equal(["v1a", "v1"], Schemes(v1a));
        Assert.Equal(_time.GetUtcNow().AddHours(24), Desk().Settings(Tenant, v1a, State).Secrets![1].Until);

        Refused("secret", () => Desk().Change(Tenant, v1a, new() { Signature = Change.To<SignatureScheme?>(null) }));
        Refused("secret", () => Desk().Change(Tenant, v1a, new() { Secret = Setting.To("b") }));
        var back = Desk().Change(Tenant, v1a, new() { Signature = Change.To<SignatureScheme?>(SignatureScheme.V1), Secret = Setting.To("b") });
        Assert.Null(back.PublicKey);
        Assert.Equal(["v1", "v1a", "v1"], Schemes(back));
        _time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(["v1"], Schemes(back));
        Assert.Equal(["b"], Signing(Desk().Change(Tenant, back, new() { Description = Change.To<string>("later") })));
    }

    [Fact]
    public void Rotate_OfEachScheme_ShowsWhatTheOtherSideNeeds()
    {
        var v1 = Desk().Make(Tenant, New());
        var (signed, first) = Desk().Rotate(Tenant, v1, null, TimeSpan.FromHours(1));
        Assert.StartsWith("whsec_", first.Secret, StringComparison.Ordinal);
        Assert.Null(first.OldUntil);
        var (_, second) = Desk().Rotate(Tenant, signed, "mine", TimeSpan.FromHours(1));
        Assert.Equal(("mine", _time.GetUtcNow().AddHours(1)), (second.Secret, second.OldUntil));

        var v1a = Desk().Make(Tenant, New() with { Signature = SignatureScheme.V1a });
        var (renewed, shown) = Desk().Rotate(Tenant, v1a, null, TimeSpan.FromHours(24));
        Assert.Equal((renewed.PublicKey, SignatureScheme.V1a), (shown.Secret, shown.Scheme));
        Assert.NotEqual(v1a.PublicKey, renewed.PublicKey);
        Refused("secret", () => Desk().Rotate(Tenant, v1a, "mine", TimeSpan.Zero));
        Refused("overlapHours", () => Desk().Rotate(Tenant, v1, null, TimeSpan.FromHours(169)));
        Refused("overlapHours", () => Desk().Rotate(Tenant, v1, null, TimeSpan.FromHours(-1)));
    }

    [Fact]
    public void Change_AnyMember_RaisesTheVersion()
    {
        var made = Desk().Make(Tenant, New());
        var changed = Desk().Change(Tenant, made, new() { Description = Change.To<string>("x") });
        var (rotated, _) = Desk().Rotate(Tenant, changed, null, TimeSpan.Zero);
        Assert.Equal([1, 2, 3, 4], [made.Version, changed.Version, rotated.Version, Desk().Disable(rotated, "gone").Version]);
    }

    [Fact]
    public void Disable_ThenActivate_TheReasonIsShownMeanwhile()
    {
        var disabled = Desk().Disable(Desk().Make(Tenant, New()), "failing");
        var renamed = Desk().Change(Tenant, disabled, new() { Description = Change.To<string>("x") });
        Assert.Equal((false, "failing", _time.GetUtcNow()), (renamed.Show().Active, renamed.Show().DisabledReason, renamed.Show().DisabledAt));
        var active = Desk().Change(Tenant, disabled, new() { Active = true }).Show();
        Assert.Equal((true, null, null), (active.Active, active.DisabledReason, active.DisabledAt));
    }

    [Fact]
    public void Renew_StoredByAnEarlierVersion_IsReadAndSealed()
    {
        var old = new Registration { Id = "wh_1", Url = "https://a.invalid", Events = ["*"], Secret = Secret, Active = true, CreatedAt = _time.GetUtcNow() };
        Assert.Equal(Secret, Desk().Settings(Tenant, old, State).Secret);
        var renewed = Assert.Single(Desk().Renew(Tenant, [old]));

        Assert.Null(renewed.Secret);
        Assert.Equal([Secret], Signing(renewed));
        List<Registration> again = [renewed];
        Assert.Same(again, Desk().Renew(Tenant, again));
    }

    [Fact]
    public void Renew_AnotherKeyIsTheFirst_IsSealedWithIt()
    {
        var made = Desk().Make(Tenant, New() with { Secret = Secret });
        var next = SecretKey.Make();
        var renewed = Assert.Single(Desk(next, _key).Renew(Tenant, [made]));
        Assert.Equal(Secret, Desk(next).Settings(Tenant, renewed, State).Secret);
        Assert.Throws<SecretKeysException>(() => Desk(next).Settings(Tenant, made, State));
    }

    [Fact]
    public void Seal_WhileOlderSilosAreThere_KeepsForThemWhatTheyNeed()
    {
        _cluster.AddOlder();
        var made = Desk().Make(Tenant, New() with { Secret = Secret });
        Assert.Equal(Secret, made.Secret);
        Assert.NotNull(made.Sealed);
        Assert.True(Settings().NeedsClear);

        // An older silo changes it: what it does not know is gone.
        var theirs = made with { Secret = "theirs", Sealed = null };
        Assert.Equal(["theirs"], Signing(theirs));

        _cluster.OlderGo();
        var renewed = Assert.Single(Desk().Renew(Tenant, [made]));
        Assert.Null(renewed.Secret);
        Assert.Equal([Secret], Signing(renewed));
        Assert.False(Settings().NeedsClear);
    }

    [Fact]
    public void SettingsSeal_OpensForItsWebhookOnly_AndSaysWhenToWriteAgain()
    {
        var settings = PumpParts.Settings(new("https://hooks.example.com/s3cret-path"), secret: Secret);
        var text = Settings().Seal(settings);
        var opened = Settings().Open(text, "wh_1");

        Assert.Equal((settings.Url, Secret, settings.Tenant), (opened.Url, opened.Secret, opened.Tenant));
        Assert.Throws<SecretKeysException>(() => Settings().Open(text, "wh_2"));
        Assert.DoesNotContain("s3cret-path", Encoding.Latin1.GetString(text.Text), StringComparison.Ordinal);
        Assert.False(Settings().IsDue(text, isClear: false));
        Assert.True(Settings().IsDue(text, isClear: true));
        Assert.True(Settings().IsDue(null, isClear: true));
        Assert.True(Settings(SecretKey.Make(), _key).IsDue(text, isClear: false));
        _cluster.AddOlder();
        Assert.False(Settings().IsDue(text, isClear: true));
    }

    private static NewWebhook New() => new() { Url = "https://a.invalid", Events = [EventTypes.Any] };

    private static void Refused(string field, Func<object?> change) => Assert.Equal(field, Assert.Throws<RefusedException>(() => change()).Field);

    private Registrations Desk(params SecretKey[] keys) => new(new RegistrationSeal(Box(keys), _services.GetRequiredService<Serializer>(), Older()), _time);

    private SettingsSeal Settings(params SecretKey[] keys) => new(Box(keys), _services.GetRequiredService<Serializer>(), Older());

    private SecretBox Box(SecretKey[] keys) => new(SecretBoxTests.Ring(keys is [] ? [_key] : keys));

    private OlderSilos Older() => new(_cluster, _cluster);

    private IEnumerable<string> Signing(Registration registration) => Desk().Settings(Tenant, registration, State).Secrets!.Select(secret => secret.Text);

    private IEnumerable<string> Schemes(Registration registration) =>
        new WebhookSigner(Desk().Settings(Tenant, registration, State)).Sign("evt_1", $"{_time.GetUtcNow().ToUnixTimeSeconds()}", "{}"u8)!
            .Split(' ').Select(signature => signature.Split(',')[0]);

    /// <summary>A cluster of one silo of this version, and perhaps one of the version before.</summary>
    private sealed class Cluster : IClusterManifestProvider, IClusterMembershipService
    {
        private static readonly SiloAddress Mine = SiloAddress.FromParsableString("127.0.0.1:1@1");
        private static readonly SiloAddress Theirs = SiloAddress.FromParsableString("127.0.0.1:2@1");

        private bool _older;

        public ClusterManifest Current => new(
            MajorMinorVersion.Zero,
            (_older ? [Mine, Theirs] : new[] { Mine }).ToImmutableDictionary(silo => silo, silo => ManifestOf(silo)));

        public GrainManifest LocalGrainManifest => ManifestOf(Mine);

        public IAsyncEnumerable<ClusterManifest> Updates => throw new NotSupportedException();

        public ClusterMembershipSnapshot CurrentSnapshot => new(
            (_older ? [Mine, Theirs] : new[] { Mine }).ToImmutableDictionary(silo => silo, silo => new ClusterMember(silo, SiloStatus.Active, "silo")), new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public void AddOlder() => _older = true;

        public void OlderGo() => _older = false;

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

        private static GrainManifest ManifestOf(SiloAddress silo)
        {
            var grains = silo.Equals(Mine)
                ? ImmutableDictionary<GrainType, GrainProperties>.Empty.Add(GrainType.Create("secret-keys"), new GrainProperties(ImmutableDictionary.Create<string, string>(StringComparer.Ordinal)))
                : ImmutableDictionary<GrainType, GrainProperties>.Empty;
            return new GrainManifest(grains, ImmutableDictionary<GrainInterfaceType, GrainInterfaceProperties>.Empty);
        }
    }
}
