using Capacitor.Grains.Webhooks;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class SigningSecretsTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Rotate_FirstSecret_SignsAlone()
    {
        var secrets = Rotate([], "a", hours: 24);
        Assert.Equal([("a", null)], Shown(secrets));
        Assert.Null(SigningSecrets.OldUntil(secrets));
    }

    [Fact]
    public void Rotate_WithAnOverlap_LetsTheOldOneGoOn()
    {
        var secrets = Rotate([Secret("a")], "b", hours: 24);
        Assert.Equal([("b", null), ("a", Now.AddHours(24))], Shown(secrets));
        Assert.Equal(Now.AddHours(24), SigningSecrets.OldUntil(secrets));
    }

    [Fact]
    public void Rotate_WithoutAnOverlap_StopsTheOldOneAndNoOther()
    {
        var secrets = Rotate([Secret("b"), Secret("a", hours: 5)], "c", hours: 0);
        Assert.Equal([("c", null), ("a", Now.AddHours(5))], Shown(secrets));
    }

    [Fact]
    public void Rotate_ASecondTime_NeitherShortensNorLengthensARunningWindow()
    {
        var secrets = Rotate([Secret("b"), Secret("a", hours: 20)], "c", hours: 1);
        Assert.Equal([("c", null), ("b", Now.AddHours(1)), ("a", Now.AddHours(20))], Shown(secrets));
        Assert.Equal(Now.AddHours(20), SigningSecrets.OldUntil(secrets));
    }

    [Fact]
    public void Rotate_AWindowEndedBefore_IsNotInherited()
    {
        var secrets = Rotate([Secret("b"), Secret("a", hours: -1)], "c", hours: 24);
        Assert.Equal([("c", null), ("b", Now.AddHours(24))], Shown(secrets));
    }

    [Fact]
    public void Rotate_MoreThanTen_IsRefusedAndSaysWhenOneEnds()
    {
        IReadOnlyList<WebhookSecret> secrets = [];
        for (var i = 0; i < SigningSecrets.Most; i++)
        {
            secrets = SigningSecrets.Rotate(secrets, Secret($"{i}"), TimeSpan.FromHours(24 + i), Now);
        }

        var refusal = Assert.Throws<RefusedException>(() => Rotate(secrets, "one too many", hours: 24));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Equal(SigningSecrets.Most, SigningSecrets.Rotate(secrets, Secret("x"), TimeSpan.FromHours(24), Now.AddHours(25)).Count);
    }

    [Fact]
    public void Sign_UntilItsEndAndNotALongerInstant()
    {
        var signer = Signer(Rotate([Secret("a")], "b", hours: 1));
        var end = Now.AddHours(1).ToUnixTimeSeconds();
        Assert.Equal(2, signer.Sign("evt_1", $"{end - 1}", "{}"u8)!.Split(' ').Length);
        Assert.Equal(Key("b").Sign("evt_1", $"{end}", "{}"u8), signer.Sign("evt_1", $"{end}", "{}"u8));
    }

    [Fact]
    public void Sign_EndBetweenTwoSeconds_IsRoundedDown()
    {
        var secrets = SigningSecrets.Rotate([Secret("a")], Secret("b"), TimeSpan.FromHours(1), Now.AddMilliseconds(999));
        Assert.Equal(Now.AddHours(1), secrets[1].Until);
    }

    [Fact]
    public void Sign_NothingSigns_IsUnsigned()
    {
        Assert.Null(Signer([]).Sign("evt_1", "1", "{}"u8));
        Assert.Null(Signer([Secret("a", hours: -1)]).Sign("evt_1", $"{Now.ToUnixTimeSeconds()}", "{}"u8));
    }

    [Fact]
    public void Sign_SettingsOfTheVersionBefore_UsesTheirSecret() =>
        Assert.Equal(Key("old").Sign("evt_1", "1", "{}"u8), new WebhookSigner(PumpParts.Settings(new("http://a.invalid"), secret: "old")).Sign("evt_1", "1", "{}"u8));

    [Fact]
    public void Make_V1a_ReadsItsOwnPairAndRefusesOneWhoseHalvesDiffer()
    {
        var secret = SigningSecrets.Make(SignatureScheme.V1a);
        Assert.Matches("^whpk_[A-Za-z0-9+/]{43}=$", SigningSecrets.PublicKeyOf(secret));
        var pair = Convert.FromBase64String(secret.Text["whsk_".Length..]);
        pair[^1] ^= 1;
        Assert.False(Ed25519Key.TryParse("whsk_" + Convert.ToBase64String(pair), out _));
        Assert.False(Ed25519Key.TryParse(secret.Text[..^4], out _));
        Assert.False(Ed25519Key.TryParse("whsec_" + secret.Text["whsk_".Length..], out _));
    }

    [Fact]
    public void Make_V1_IsThirtyTwoBytes() => Assert.Equal(32, Convert.FromBase64String(SigningSecrets.Make(SignatureScheme.V1).Text["whsec_".Length..]).Length);

    private static IReadOnlyList<WebhookSecret> Rotate(IReadOnlyList<WebhookSecret> before, string next, int hours) =>
        SigningSecrets.Rotate(before, Secret(next), TimeSpan.FromHours(hours), Now);

    private static WebhookSecret Secret(string text, int? hours = null) => new() { Text = text, Until = hours is { } from ? Now.AddHours(from) : null };

    private static IEnumerable<(string, DateTimeOffset?)> Shown(IReadOnlyList<WebhookSecret> secrets) => secrets.Select(secret => (secret.Text, secret.Until));

    private static WebhookSigner Signer(IReadOnlyList<WebhookSecret> secrets) => new(PumpParts.Settings(new("http://a.invalid")) with { Secrets = secrets });

    private static SigningKey Key(string text) => SigningKey.TryParse(text, out var key) ? key : throw new ArgumentException("no key", nameof(text));
}
