using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed partial class WebhookSenderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_770_379_200));
    private readonly ListJournal _journal = new(TimeProvider.System);
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Send_WithSecret_PostsTheBytesSignedAsStandardWebhooksSays()
    {
        var url = new Uri(_receiver.Url, "/hooks?token=1");
        using var sender = Sender();
        var item = Event();
        var outcome = (await sender.SendAsync(new WebhookTarget(PumpParts.Settings(url, secret: "optional_webhook_secret")), new Posting(item), CancellationToken.None)).Outcome;

        Assert.Equal(new DeliveryOutcome.Delivered(200), outcome);
        var webhook = Assert.Single(_receiver.Received);
        Assert.Equal(("POST", "/hooks?token=1", "application/json"), (webhook.Method, webhook.Path, webhook.Headers["content-type"]));
        Assert.Equal(item.Body, webhook.Body);
        Assert.Equal((item.Id, "1770379200"), (webhook.Id, webhook.Headers["webhook-timestamp"]));
        Assert.Matches(UserAgent(), webhook.Headers["user-agent"]);
        Assert.True(SigningKey.TryParse("optional_webhook_secret", out var key));
        Assert.Equal(key.Sign(item.Id, "1770379200", item.Body), webhook.Headers["webhook-signature"]);
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            webhook.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Send_WithoutSecret_IsNotSigned()
    {
        await SendAsync();
        Assert.False(Assert.Single(_receiver.Received).Headers.ContainsKey("webhook-signature"));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task Send_AnswerIs2xx_IsDelivered(int status)
    {
        _receiver.Answer = ReceiverAnswers.Status(status);
        Assert.Equal(new DeliveryOutcome.Delivered(status), await SendAsync());
    }

    [Theory]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(410)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Send_AnswerIsAnotherStatus_IsRejectedAfterOneAttempt(int status)
    {
        _receiver.Answer = ReceiverAnswers.Status(status);
        Assert.Equal(new DeliveryOutcome.Rejected(status), await SendAsync());
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task Send_Redirected_DoesNotFollow()
    {
        await using var other = await WebhookReceiver.StartAsync();
        _receiver.Answer = ReceiverAnswers.Redirect(other.Url);
        Assert.Equal(new DeliveryOutcome.Rejected(307), await SendAsync());
        Assert.Empty(other.Received);
    }

    [Fact]
    public async Task Send_ShortAnswers_ReusesTheConnection()
    {
        _receiver.Answer = ReceiverAnswers.Text(200, "thank you");
        using var sender = Sender();
        for (var i = 0; i < 5; i++)
        {
            await sender.SendAsync(Target(_receiver.Url), new Posting(Event()), CancellationToken.None);
        }

        Assert.Single(_receiver.Received.Select(webhook => webhook.ConnectionId).Distinct());
    }

    [Fact]
    public async Task Send_EndlessAnswer_ReadsItsShareAndDropsTheConnection()
    {
        var gone = new TaskCompletionSource();
        _receiver.Answer = async (context, webhook) =>
        {
            await ReceiverAnswers.Endless(context, webhook);
            gone.TrySetResult();
        };
        Assert.Equal(new DeliveryOutcome.Delivered(200), await SendAsync());
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Send_CompressedAnswer_IsNotUnpackedNorAskedFor()
    {
        _receiver.Answer = ReceiverAnswers.Gzip;
        Assert.Equal(new DeliveryOutcome.Delivered(200), await SendAsync());
        Assert.False(Assert.Single(_receiver.Received).Headers.ContainsKey("accept-encoding"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_NoAnswerOrHalfOfOne_TimesOutAtTheDeadline(bool headersCome)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async (context, webhook) =>
        {
            began.SetResult();
            await (headersCome ? ReceiverAnswers.HangInBody : ReceiverAnswers.Hang)(context, webhook);
        };
        using var sender = Sender();
        using var deadline = new AttemptDeadline(_time);
        var sending = sender.SendAsync(Target(_receiver.Url), new Posting(Event()), deadline.Start(TimeSpan.FromSeconds(5))).AsTask();
        await began.Task;
        _time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.001));

        Assert.IsType<DeliveryOutcome.TimedOut>((await sending).Outcome);
    }

    [Fact]
    public async Task Start_AfterAnAttemptEnded_HasAllItsTimeAgain()
    {
        using var deadline = new AttemptDeadline(_time);
        _ = deadline.Start(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));
        deadline.End();
        var second = deadline.Start(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(second.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(second.IsCancellationRequested);
        deadline.End();
        Assert.False(deadline.Start(TimeSpan.FromSeconds(5)).IsCancellationRequested);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Send_NobodyListens_IsUnreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        listener.Stop();
        Assert.Equal(new DeliveryOutcome.Unreachable($"{url.Authority} refused the connection."), await SendAsync(url));
    }

    [Fact]
    public async Task Send_ReceiverIsNoTls_FailsInTls()
    {
        var url = new UriBuilder(_receiver.Url) { Scheme = "https" }.Uri;
        Assert.IsType<DeliveryOutcome.TlsFailed>(await SendAsync(url));
    }

    [Theory]
    [InlineData("http://rebound.example")]
    [InlineData("http://half.example")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://localhost")]
    public async Task Send_NameLeadsToAForbiddenAddress_IsBlockedBeforeAnyConnection(string host)
    {
        using var sender = Sender(allowPrivate: false);
        var outcome = (await sender.SendAsync(Target(new Uri($"{host}:{_receiver.Url.Port}/")), new Posting(Event()), CancellationToken.None)).Outcome;
        Assert.IsType<DeliveryOutcome.BlockedAddress>(outcome);
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task Send_NameIsUnknown_IsDnsFailed()
    {
        using var sender = Sender(allowPrivate: false);
        var outcome = (await sender.SendAsync(Target(new Uri("http://unknown.example/")), new Posting(Event()), CancellationToken.None)).Outcome;
        Assert.Equal(new DeliveryOutcome.DnsFailed("The name unknown.example does not exist."), outcome);
    }

    private async Task<DeliveryOutcome> SendAsync(Uri? url = null)
    {
        using var sender = Sender();
        return (await sender.SendAsync(Target(url ?? _receiver.Url), new Posting(Event()), CancellationToken.None)).Outcome;
    }

    private static WebhookTarget Target(Uri url) => new(PumpParts.Settings(url));

    private JournalEvent Event() => _journal.Append("CHARGER-001") with { Body = """{"event":"charger.connected"}"""u8.ToArray() };

    private WebhookSender Sender(bool allowPrivate = true)
    {
        var options = Options.Create(new WebhookOptions { AllowPrivateNetworks = allowPrivate });
        var guard = new AddressGuard(options)
        {
            Resolve = (host, cancellation) => host switch
            {
                "rebound.example" => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
                "half.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]),
                "unknown.example" => throw new SocketException((int)SocketError.HostNotFound),
                _ => Dns.GetHostAddressesAsync(host, cancellation),
            },
        };
        return new WebhookSender(guard, options, _time);
    }

    [GeneratedRegex(@"^Capacitor-Webhooks/\d+\.\d+\.\d+$")]
    private static partial Regex UserAgent();
}
