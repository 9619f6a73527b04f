using System.Diagnostics;
using System.Net;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Connections are used again while they live, and the name is looked up again when they do not.</summary>
public sealed class ConnectionLifetimeTests : IAsyncLifetime
{
    private readonly List<string> _lookedUp = [];
    private readonly SenderParts _parts;
    private IPAddress[] _addresses = [IPAddress.Parse("127.0.0.1")];
    private WebhookReceiver _receiver = null!;

    public ConnectionLifetimeTests() => _parts = new SenderParts(resolve: name =>
    {
        _lookedUp.Add(name);
        return _addresses;
    });

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync(address: IPAddress.Any);

    public async Task DisposeAsync()
    {
        _parts.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Send_WhileItLives_TakesTheSameConnectionWhateverBecameOfTheName()
    {
        using var handler = new WebhookHandler(_parts.Guard, TimeSpan.FromSeconds(5), TimeProvider.System);
        await PostAsync(handler);
        _addresses = [IPAddress.Parse("127.0.0.2")];
        for (var i = 0; i < 20; i++)
        {
            await PostAsync(handler);
        }

        Assert.Single(_lookedUp);
        Assert.Single(_receiver.Received.Select(webhook => webhook.ConnectionId).Distinct());
        Assert.Equal("127.0.0.1", Assert.Single(_receiver.Received.Select(webhook => IPEndPoint.Parse(webhook.CameTo).Address.ToString()).Distinct()));
    }

    [Fact]
    public async Task Send_WhenItsLifeIsOver_LooksTheNameUpAgainAndGoesWhereItLeadsNow()
    {
        var lifetime = TimeSpan.FromMilliseconds(1);
        using var handler = new WebhookHandler(_parts.Guard, TimeSpan.FromSeconds(5), TimeProvider.System, lifetime: lifetime);
        _receiver.Answer = (_, _) =>
        {
            // The handler counts by the machine's clock, which ticks in milliseconds or so.
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < 40 * lifetime;)
            {
                Thread.Yield();
            }

            return Task.CompletedTask;
        };
        await PostAsync(handler);
        _addresses = [IPAddress.Parse("127.0.0.2")];
        await PostAsync(handler);

        Assert.Equal(["webhooks.test", "webhooks.test"], _lookedUp);
        Assert.Equal(["127.0.0.1", "127.0.0.2"], _receiver.Received.Select(webhook => IPEndPoint.Parse(webhook.CameTo).Address.ToString()));
    }

    private async Task PostAsync(WebhookHandler handler)
    {
        var target = SenderParts.Target(new Uri($"http://webhooks.test:{_receiver.Url.Port}/"));
        using var request = new WebhookRequest(target, new Posting(_parts.Event()), TimeProvider.System);
        request.Content = new PostedBody("{}"u8.ToArray(), request);
        request.Headers.TryAddWithoutValidation("webhook-id", "evt_1");
        using var answer = await handler.SendAsync(request, CancellationToken.None);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }
}
