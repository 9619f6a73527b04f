using System.Net;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What may be reached, with real look-ups at a real DNS server.</summary>
public sealed class AddressGuardTests : IAsyncLifetime
{
    private const string Name = "hooks.example.com";

    private readonly DnsServer _dns = new();
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync(address: IPAddress.Any);

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task Send_NameOfConfiguredServer_GoesToItsAddress()
    {
        using var parts = Parts(options => options.AllowedNetworks = ["127.0.0.2"]);
        _dns.Set(Name, DnsAnswer.Of("127.0.0.2"));
        var result = await parts.SendAsync(Url());
        Assert.Equal((new DeliveryOutcome.Delivered(200), $"127.0.0.2:{_receiver.Url.Port}", 1), (result.Outcome, result.Attempt.Address, _dns.Asked(Name)));
        Assert.Equal(TimeSpan.Zero, result.Attempt.Dns);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8", "127.0.0.1")]
    [InlineData("2606:4700:4700::1111", "10.0.0.1")]
    [InlineData("8.8.8.8", "::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::7f00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:80ff:fffe")]
    [InlineData("2606:4700::5efe:7f00:1")]
    [InlineData("169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    public async Task Send_OneAnswerIsForbidden_IsBlockedAndSoIsItsRegistration(params string[] addresses)
    {
        using var parts = Parts();
        _dns.Set(Name, DnsAnswer.Of(addresses));
        var result = await parts.SendAsync(Url());
        var outcome = Assert.IsType<DeliveryOutcome.BlockedAddress>(result.Outcome);
        Assert.Matches($"^{Name} leads to [0-9a-f:.]+, which webhooks may not reach.$", outcome.Cause);
        Assert.Equal(("blocked_address", outcome.Cause, null), (result.Attempt.Outcome, result.Attempt.Error, result.Attempt.Address));
        Assert.NotNull(await parts.Guard.FindForbiddenAsync(Name));
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task Send_NameLeadsElsewhereAfterItsRegistration_IsBlocked()
    {
        using var parts = Parts();
        _dns.Set(Name, DnsAnswer.Of("8.8.8.8"), DnsAnswer.Of("127.0.0.1"));
        Assert.Null(await parts.Guard.FindForbiddenAsync(Name));
        Assert.IsType<DeliveryOutcome.BlockedAddress>((await parts.SendAsync(Url())).Outcome);
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task Send_NameLeadsElsewhereAtEveryQuestion_GoesToWhatWasJudged()
    {
        using var parts = Parts(options => options.AllowedNetworks = ["127.0.0.2"]);
        _dns.Set(Name, DnsAnswer.Of("127.0.0.2"), DnsAnswer.Of("127.0.0.1"));
        var first = await parts.SendAsync(Url());
        Assert.Equal((new DeliveryOutcome.Delivered(200), 1), (first.Outcome, _dns.Asked(Name)));
        Assert.Equal($"127.0.0.2:{_receiver.Url.Port}", Assert.Single(_receiver.Received).CameTo);
        var reused = await parts.SendAsync(Url());
        Assert.Equal((true, first.Attempt.Address, 1), (reused.Attempt.Reused, reused.Attempt.Address, _dns.Asked(Name)));

        using var another = Parts(options => options.AllowedNetworks = ["127.0.0.2"]);
        Assert.IsType<DeliveryOutcome.BlockedAddress>((await another.SendAsync(Url())).Outcome);
        Assert.Equal(2, _receiver.Received.Count);
    }

    [Fact]
    public async Task Send_AnswerMayBeKept_IsNotAskedForAgain()
    {
        using var parts = Parts(options => options.AllowedNetworks = ["127.0.0.2"]);
        _dns.Set(Name, DnsAnswer.Of("127.0.0.2").For(60));
        Assert.Null(await parts.Guard.FindForbiddenAsync(Name));
        await parts.SendAsync(Url());
        Assert.Equal(1, _dns.Asked(Name));
    }

    [Fact]
    public async Task Send_NameIsUnknownOrEmptyOrTheServerFails_IsDnsFailed()
    {
        using var parts = Parts();
        _dns.Set("empty.example.com", DnsAnswer.Of());
        _dns.Set("failing.example.com", DnsAnswer.Failure);
        await FailsAsync("unknown.example.com", "The name unknown.example.com does not exist.");
        await FailsAsync("empty.example.com", "The name empty.example.com has no address.");
        await FailsAsync("failing.example.com", "The name failing.example.com could not be looked up.");

        async Task FailsAsync(string name, string error)
        {
            var attempt = (await parts.SendAsync(new Uri($"http://{name}/hooks?token=geheim"))).Attempt;
            Assert.Equal(("dns_failed", error, null), (attempt.Outcome, attempt.Error, attempt.Address));
            Assert.Null(await parts.Guard.FindForbiddenAsync(name));
        }
    }

    [Fact]
    public async Task Send_DnsServerIsSilent_IsDnsFailed()
    {
        using var parts = Parts();
        _dns.Set(Name, DnsAnswer.Silence);
        var result = await parts.RunOutAsync(Url(), _dns.FirstQuestion);
        Assert.Equal(new DeliveryOutcome.DnsFailed($"The name {Name} was not looked up in time."), result.Outcome);
    }

    [Fact]
    public async Task Send_FirstDnsServerFails_AsksTheSecond()
    {
        await using var second = new DnsServer();
        second.Set(Name, DnsAnswer.Of("127.0.0.1"));
        _dns.Set(Name, DnsAnswer.Failure);
        using var parts = new SenderParts(options => options.DnsServers = [_dns.Address, second.Address]);
        Assert.Equal(new DeliveryOutcome.Delivered(200), (await parts.SendAsync(Url())).Outcome);
    }

    [Theory]
    [InlineData("2130706433")]
    [InlineData("0177.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f000001")]
    [InlineData("127.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("１２７.0.0.1")]
    [InlineData("127。0。0。1")]
    [InlineData("4294967296")]
    [InlineData("0x100000000")]
    [InlineData("256.256.256.256")]
    [InlineData("1.2.3.4.5")]
    [InlineData("[::ffff:7f00:1]")]
    public async Task Send_AddressInDisguise_IsBlockedWithoutALookUpAndSoIsItsRegistration(string host)
    {
        using var parts = Parts();
        var url = new Uri($"http://{host}:{_receiver.Url.Port}/");
        Assert.IsType<DeliveryOutcome.BlockedAddress>((await parts.SendAsync(url)).Outcome);
        Assert.NotNull(await parts.Guard.FindForbiddenAsync(url.IdnHost));
        Assert.Empty(_receiver.Received);
        Assert.Equal(0, _dns.Asked(url.IdnHost.TrimEnd('.')));
    }

    [Fact]
    public void Refuse_OwnAddresses_UnlessPrivateNetworksAreAllowedOrTheyAreNamed()
    {
        Assert.Equal("own", Rules().Refuse(IPAddress.Parse("93.184.216.34")));
        Assert.Equal("own", Rules().Refuse(IPAddress.Parse("::ffff:93.184.216.34")));
        Assert.Equal("own", Rules().Refuse(IPAddress.Parse("2606:2800:220:1::1%3")));
        Assert.Null(Rules().Refuse(IPAddress.Parse("93.184.216.35")));
        Assert.Equal("own", Rules(options => options.AllowedNetworks = ["93.184.216.0/24", "10.0.0.0/8"]).Refuse(IPAddress.Parse("10.0.0.7")));
        Assert.Null(Rules(options => options.AllowedNetworks = ["10.0.0.0/8"]).Refuse(IPAddress.Parse("10.0.0.8")));
        Assert.Null(Rules(options => options.AllowedNetworks = ["10.0.0.7"]).Refuse(IPAddress.Parse("10.0.0.7")));
        Assert.Null(Rules(options => options.AllowPrivateNetworks = true).Refuse(IPAddress.Parse("93.184.216.34")));
    }

    [Fact]
    public void Refuse_DeniedNetworks_WhateverElseAllowsThem()
    {
        var rules = Rules(options =>
        {
            options.AllowPrivateNetworks = true;
            options.AllowedNetworks = ["10.1.0.0/16"];
            options.DeniedNetworks = ["10.1.2.0/24", "1.1.1.1", "2606:4700::/32"];
        });
        Assert.All(["10.1.2.3", "1.1.1.1", "::ffff:1.1.1.1", "2606:4700::1", "64:ff9b::101:101", "2002:101:101::1"], denied => Assert.Equal("denied", rules.Refuse(IPAddress.Parse(denied))));
        Assert.All(["10.1.3.4", "1.1.1.2", "127.0.0.1"], allowed => Assert.Null(rules.Refuse(IPAddress.Parse(allowed))));
    }

    [Fact]
    public void Refuse_AllowedNetworkOfTranslatedAddresses_IsJudgedByWhatTheyCarry()
    {
        var rules = Rules(options => options.AllowedNetworks = ["64:ff9b::/96", "192.168.7.0/24"]);
        Assert.Null(rules.Refuse(IPAddress.Parse("64:ff9b::8.8.8.8")));
        Assert.Null(rules.Refuse(IPAddress.Parse("64:ff9b::192.168.7.1")));
        Assert.Equal("loopback", rules.Refuse(IPAddress.Parse("64:ff9b::127.0.0.1")));
        Assert.Equal("own", rules.Refuse(IPAddress.Parse("64:ff9b::93.184.216.34")));
        Assert.Equal("private", rules.Refuse(IPAddress.Parse("64:ff9b::192.168.8.1")));
        Assert.Equal("private", rules.Refuse(IPAddress.Parse("192.168.8.1")));
    }

    [Fact]
    public void Contains_OwnAddresses_AreLookedAtAgainAfterAMinute()
    {
        var time = new FakeTimeProvider();
        var address = IPAddress.Parse("93.184.216.34");
        List<IPAddress> addresses = [];
        var own = new OwnAddresses(time) { List = () => addresses };
        Assert.False(own.Contains(address));
        addresses.Add(address);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(own.Contains(address));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(own.Contains(address));
    }

    [Fact]
    public void Contains_AddressesOfThisMachine_AreOwn() => Assert.True(new OwnAddresses(TimeProvider.System).Contains(IPAddress.Loopback));

    [Fact]
    public async Task Send_OwnPublicAddress_IsBlocked()
    {
        var options = Options.Create(new WebhookOptions { AllowPrivateNetworks = false });
        var guard = new AddressGuard(options, TimeProvider.System, new OwnAddresses(TimeProvider.System) { List = () => [IPAddress.Parse("93.184.216.34")] });
        using var sender = new WebhookSender(guard, options, TimeProvider.System);
        using var parts = Parts();
        var result = await sender.SendAsync(SenderParts.Target(new Uri("http://93.184.216.34:11111/")), new Posting(parts.Event()), default);
        Assert.Equal(new DeliveryOutcome.BlockedAddress("93.184.216.34 is not an address that webhooks may reach."), result.Outcome);
    }

    private static AddressRules Rules(Action<WebhookOptions>? change = null)
    {
        var options = new WebhookOptions { AllowPrivateNetworks = false };
        change?.Invoke(options);
        return new AddressRules(options, new OwnAddresses(TimeProvider.System)
        {
            List = () => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.7"), IPAddress.Parse("2606:2800:220:1::1")],
        });
    }

    private SenderParts Parts(Action<WebhookOptions>? change = null) => new(options =>
    {
        options.AllowPrivateNetworks = false;
        options.DnsServers = [_dns.Address];
        change?.Invoke(options);
    });

    private Uri Url() => new($"http://{Name}:{_receiver.Url.Port}/hooks?token=geheim");
}
