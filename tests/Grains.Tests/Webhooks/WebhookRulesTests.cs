using System.Net;
using System.Net.Sockets;
using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Microsoft.Extensions.Options;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class WebhookRulesTests
{
    [Theory]
    [InlineData("https://myapp.com/webhooks/capacitor")]
    [InlineData("http://example.com:8080/a?token=b")]
    [InlineData("HTTPS://EXAMPLE.COM")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://münchen.example/")]
    [InlineData("https://example.com:8443/")]
    [InlineData("http://example.com:3000/")]
    public void ReadUrl_AbsoluteHttp_IsTaken(string url) => Assert.NotNull(WebhookRules.ReadUrl(url));

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData("example.com/hook", "absolute")]
    [InlineData("/hook", "absolute")]
    [InlineData("http:example.com", "absolute")]
    [InlineData("https://", "absolute")]
    [InlineData(" https://example.com", "absolute")]
    [InlineData("https://example.com/a b", "absolute")]
    [InlineData("https://example.com/\r\nHost: x", "absolute")]
    [InlineData("ftp://example.com/", "'ftp'")]
    [InlineData("file:///etc/passwd", "'file'")]
    [InlineData("javascript://example.com/", "'javascript'")]
    [InlineData("https://user:password@example.com/", "user name")]
    [InlineData("https://user@example.com/", "user name")]
    [InlineData("https://example.com/#top", "fragment")]
    [InlineData("https://example.com:0/", "port 0, which cannot")]
    [InlineData("http://example.com:25/", "port 25, which belongs to a protocol other than HTTP")]
    [InlineData("https://example.com:6667/", "port 6667")]
    [InlineData("https://example.com:65536/", "absolute")]
    public void ReadUrl_AnythingElse_IsRefusedWithTheReason(string? url, string reason)
    {
        var refusal = Assert.Throws<RefusedException>(() => WebhookRules.ReadUrl(url));
        Assert.Equal((RefusalKind.Invalid, "url"), (refusal.Kind, refusal.Field));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadUrl_TooLong_IsRefusedWithTheLimit()
    {
        var refusal = Assert.Throws<RefusedException>(() => WebhookRules.ReadUrl("https://example.com/" + new string('a', 2_029)));
        Assert.Equal("The url has 2049 characters; at most 2048 are allowed.", refusal.Message);
        Assert.NotNull(WebhookRules.ReadUrl("https://example.com/" + new string('a', 2_028)));
    }

    [Fact]
    public void ReadEvents_Repeated_AreKeptOnceInTheirOrder() =>
        Assert.Equal(
            [EventTypes.TransactionStopped, EventTypes.ChargerBoot],
            WebhookRules.ReadEvents([EventTypes.TransactionStopped, EventTypes.ChargerBoot, EventTypes.TransactionStopped]));

    [Fact]
    public void ReadEvents_OfTheTenantsOwn_ByNameAndAll_AreKept() =>
        Assert.Equal(["custom.order.paid_1", "custom.*"], WebhookRules.ReadEvents(["custom.order.paid_1", "custom.*"]));

    [Fact]
    public void ReadEvents_Unknown_IsRefusedNamingAllThatAreAllowed()
    {
        var refusal = Assert.Throws<RefusedException>(() => WebhookRules.ReadEvents([EventTypes.ChargerBoot, "charger.exploded"]));
        Assert.Contains("'charger.exploded'", refusal.Message, StringComparison.Ordinal);
        Assert.All(EventTypes.All, name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Charger.Boot")]
    [InlineData("nothing.*")]
    [InlineData("*.started")]
    [InlineData("transaction*")]
    [InlineData("trans.*")]
    [InlineData(".*")]
    [InlineData("**")]
    [InlineData("custom.")]
    [InlineData("custom.Order")]
    [InlineData("custom.a.*")]
    [InlineData("")]
    public void ReadEvents_AlmostAName_IsRefused(string name) => Assert.Throws<RefusedException>(() => WebhookRules.ReadEvents([name]));

    [Fact]
    public void ReadEvents_APrefixOfSomeType_IsTakenAsItIs() => Assert.Equal(["transaction.*", "*"], WebhookRules.ReadEvents(["transaction.*", "*", "transaction.*"]));

    [Fact]
    public void ReadEvents_NoneOrNull_IsRefused()
    {
        Assert.Throws<RefusedException>(() => WebhookRules.ReadEvents([]));
        Assert.Throws<RefusedException>(() => WebhookRules.ReadEvents(null));
        Assert.Throws<RefusedException>(() => WebhookRules.ReadEvents([null!]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("optional_webhook_secret")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void ReadSecret_Usable_IsTakenAsItIs(string? secret) => Assert.Equal(secret, WebhookRules.ReadSecret(secret));

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void ReadSecret_EmptyOrTooLong_IsRefused(int length) =>
        Assert.Equal("secret", Assert.Throws<RefusedException>(() => WebhookRules.ReadSecret(new string('s', length))).Field);

    [Fact]
    public void ReadSecret_ClaimsBase64AndIsNot_IsRefusedWithoutRepeatingIt()
    {
        var refusal = Assert.Throws<RefusedException>(() => WebhookRules.ReadSecret("whsec_not*base64"));
        Assert.DoesNotContain("not*base64", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://[::1]:5080/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://internal.example/")]
    [InlineData("http://half.example/")]
    public async Task CheckUrl_LeadsToAForbiddenAddress_IsRefused(string url)
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => Rules(allowPrivate: false).CheckUrlAsync(url));
        Assert.Contains("not a public address", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://public.example/")]
    [InlineData("http://unknown.example/")]
    [InlineData("http://8.8.8.8/")]
    public Task CheckUrl_PublicOrUnknownName_IsTaken(string url) => Rules(allowPrivate: false).CheckUrlAsync(url);

    [Fact]
    public Task CheckUrl_PrivateNetworksAllowed_TakesThem() => Rules(allowPrivate: true).CheckUrlAsync("http://127.0.0.1/");

    private static WebhookRules Rules(bool allowPrivate) => new(new AddressGuard(Options.Create(new WebhookOptions { AllowPrivateNetworks = allowPrivate }))
    {
        Resolve = (host, cancellation) => host switch
        {
            "public.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8")]),
            "internal.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.7")]),
            "half.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Parse("fd00::1")]),
            "unknown.example" => throw new SocketException((int)SocketError.HostNotFound),
            _ => Dns.GetHostAddressesAsync(host, cancellation),
        },
    });
}
