using Capacitor.Grains.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class WebhookNetworksTests
{
    [Theory]
    [InlineData("10.1.0.0/16")]
    [InlineData("10.1.2.3")]
    [InlineData("0.0.0.0/0")]
    [InlineData("fd00::/8")]
    [InlineData("FD00:0::/8")]
    [InlineData("::1")]
    public void TryReadNetwork_Network_True(string text) => Assert.True(WebhookNetworks.TryReadNetwork(text, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10/8")]
    [InlineData("10.1/16")]
    [InlineData("10.1.2.3/16")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0xa000000/8")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("internal.example")]
    [InlineData("10.0.0.0/8, 192.168.0.0/16")]
    public void TryReadNetwork_AnythingElse_False(string? text) => Assert.False(WebhookNetworks.TryReadNetwork(text, out _));

    [Theory]
    [InlineData("10.0.0.2", "10.0.0.2:53")]
    [InlineData("10.0.0.2:5353", "10.0.0.2:5353")]
    [InlineData("fd00::2", "[fd00::2]:53")]
    [InlineData("[fd00::2]:5353", "[fd00::2]:5353")]
    public void TryReadServer_AddressAndPort_AreRead(string text, string endpoint)
    {
        Assert.True(WebhookNetworks.TryReadServer(text, out var server));
        Assert.Equal(endpoint, server.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("10.0.0.2:0")]
    [InlineData("10.0.0.2:70000")]
    [InlineData("dns.example:53")]
    public void TryReadServer_AnythingElse_False(string text) => Assert.False(WebhookNetworks.TryReadServer(text, out _));

    [Fact]
    public void Value_WrongSettings_NamesEachKeyAndWhatIsWrong()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(
            ("AllowedNetworks:0", "10.1.0.0/16"), ("AllowedNetworks:1", "10.1.2.3/16"), ("DeniedNetworks:0", "everything"), ("DnsServers:0", "dns.example")));
        Assert.Equal(
            [
                "Capacitor:Webhooks:AllowedNetworks has '10.1.2.3/16', which is no network. Write an address and the length of its prefix, with no bits set after it, such as 10.1.0.0/16 or fd00::/8, or a single address.",
                "Capacitor:Webhooks:DeniedNetworks has 'everything', which is no network. Write an address and the length of its prefix, with no bits set after it, such as 10.1.0.0/16 or fd00::/8, or a single address.",
                "Capacitor:Webhooks:DnsServers has 'dns.example', which is no DNS server. Write an address, or an address and a port: 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:5353.",
            ],
            failure.Failures);
    }

    [Fact]
    public void Value_GoodSettings_AreBound()
    {
        var options = Bind(("AllowedNetworks:0", "10.1.0.0/16"), ("AllowedNetworks:1", "fd00::/8"), ("DeniedNetworks:0", "1.1.1.1"), ("DnsServers:0", "10.0.0.2:5353"));
        Assert.Equal(["10.1.0.0/16", "fd00::/8"], options.AllowedNetworks);
        Assert.Equal(["1.1.1.1"], options.DeniedNetworks);
        Assert.Equal(["10.0.0.2:5353"], options.DnsServers);
    }

    private static WebhookOptions Bind(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Capacitor:Webhooks:{setting.Key}", (string?)setting.Value))).Build());
        services.AddWebhooks();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<WebhookOptions>>().Value;
    }
}
