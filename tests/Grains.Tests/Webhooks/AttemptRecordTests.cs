using System.Collections.Concurrent;
using System.Net;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What is written down of an attempt.</summary>
public sealed class AttemptRecordTests : IAsyncLifetime
{
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync(address: IPAddress.Any);

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Send_FirstThroughAConnection_HasItsTimesAndTheWholeAnswer()
    {
        SenderParts? parts = null;
        using var sender = parts = new SenderParts(resolve: _ =>
        {
            parts!.Time.Advance(TimeSpan.FromMilliseconds(30));
            return [IPAddress.Loopback];
        });
        _receiver.Answer = (context, _) =>
        {
            parts.Time.Advance(TimeSpan.FromMilliseconds(70));
            context.Response.StatusCode = 202;
            context.Response.Headers["X-Order"] = "r-1";
            return context.Response.WriteAsync("thank you");
        };
        var began = parts.Time.GetUtcNow();
        var posting = new Posting(parts.Event(), Number: 3, AttemptTrigger.Manual);
        var attempt = (await parts.Sender.SendAsync(SenderParts.Target(Url("hooks.example")), posting, default)).Attempt;

        Assert.Equal((3, began, AttemptTrigger.Manual), (attempt.Number, attempt.At, attempt.Trigger));
        Assert.Equal(("delivered", 202, null), (attempt.Outcome, attempt.Status, attempt.Error));
        Assert.Equal(($"127.0.0.1:{_receiver.Url.Port}", false), (attempt.Address, attempt.Reused));
        Assert.Equal((TimeSpan.FromMilliseconds(30), TimeSpan.Zero, null), (attempt.Dns, attempt.Connect, attempt.Tls));
        Assert.Equal((TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100)), (attempt.FirstByte, attempt.Total));
        Assert.Contains(new WebhookHeader("X-Order", "r-1"), attempt.ResponseHeaders);
        Assert.Contains(attempt.ResponseHeaders, header => header.Name == "Date");
        Assert.Equal("thank you"u8.ToArray(), attempt.Body);
        Assert.False(attempt.BodyTruncated);
    }

    [Fact]
    public async Task Send_ThroughAConnectionUsedBefore_HasItsAddressAndNoTimesOfIt()
    {
        using var parts = new SenderParts(resolve: _ => [IPAddress.Loopback]);
        await parts.SendAsync(Url("hooks.example"));
        var attempt = (await parts.SendAsync(Url("hooks.example"))).Attempt;
        Assert.Equal(($"127.0.0.1:{_receiver.Url.Port}", true), (attempt.Address, attempt.Reused));
        Assert.Equal((null, null, null), (attempt.Dns, attempt.Connect, attempt.Tls));
    }

    [Fact]
    public async Task Send_ManyThroughConnectionsToSeveralAddresses_EachHasTheOneItWentTo()
    {
        var lookups = 0;
        using var parts = new SenderParts(resolve: _ => [IPAddress.Parse($"127.0.0.{1 + (Interlocked.Increment(ref lookups) % 5)}")]);
        var cameTo = new ConcurrentDictionary<string, string>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async (_, webhook) =>
        {
            cameTo[webhook.Id] = webhook.CameTo;
            await gate.Task;
        };
        for (var round = 0; round < 3; round++)
        {
            var events = Enumerable.Range(0, 20).Select(_ => parts.Event()).ToList();
            var sending = events.ConvertAll(item => parts.Sender.SendAsync(SenderParts.Target(Url("hooks.example")), new Posting(item), default).AsTask());
            await _receiver.WaitForAsync(20 * (round + 1));
            gate.TrySetResult();
            var results = await Task.WhenAll(sending);
            Assert.Equal(events.Select(item => cameTo[item.Id]), results.Select(result => result.Attempt.Address));
            Assert.All(results, result => Assert.Equal(round > 0, result.Attempt.Reused));
            gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Assert.Equal(5, cameTo.Values.Distinct().Count());
    }

    [Fact]
    public async Task Send_BodyLargerThanAConnectionsBuffer_HasItsAddressToo()
    {
        using var parts = new SenderParts();
        var posting = new Posting(parts.Event() with { Body = new byte[100_000] });
        var attempt = (await parts.Sender.SendAsync(SenderParts.Target(Url("127.0.0.1")), posting, default)).Attempt;
        Assert.Equal($"127.0.0.1:{_receiver.Url.Port}", attempt.Address);
        Assert.Equal(100_000, Assert.Single(_receiver.Received).Body.Length);
    }

    [Fact]
    public async Task Send_LongAnswer_KeepsItsBeginning()
    {
        using var parts = new SenderParts();
        _receiver.Answer = ReceiverAnswers.Text(500, new string('a', 1000) + new string('b', 30_000));
        var attempt = (await parts.SendAsync(Url("127.0.0.1"))).Attempt;
        Assert.Equal(("rejected", 500, "The endpoint answered 500."), (attempt.Outcome, attempt.Status, attempt.Error));
        Assert.Equal([.. Enumerable.Repeat((byte)'a', 1000), .. Enumerable.Repeat((byte)'b', 24)], attempt.Body!);
        Assert.True(attempt.BodyTruncated);
        Assert.True((await parts.SendAsync(Url("127.0.0.1"))).Attempt.Reused);
    }

    [Fact]
    public async Task Send_AnswerWithManyAndLongHeadersAndCookies_KeepsWhatIsBounded()
    {
        using var parts = new SenderParts();
        _receiver.Answer = (context, _) =>
        {
            context.Response.Headers.SetCookie = "session=secret";
            context.Response.Headers["X-Long"] = new string('x', 1000);
            for (var i = 0; i < 50; i++)
            {
                context.Response.Headers[$"X-{i}"] = "1";
            }

            return Task.CompletedTask;
        };
        var headers = (await parts.SendAsync(Url("127.0.0.1"))).Attempt.ResponseHeaders;
        Assert.Equal(32, headers.Count);
        Assert.DoesNotContain(headers, header => header.Value.Contains("secret", StringComparison.Ordinal) || header.Value.Length > 256);
        Assert.Contains(new WebhookHeader("Set-Cookie", ""), headers);
        Assert.Contains(new WebhookHeader("X-Long", new string('x', 256)), headers);
    }

    [Fact]
    public async Task Send_WithPlaceGapAndReplay_SaysSoInHeaders()
    {
        using var parts = new SenderParts();
        var item = parts.Event() with { Sequence = 4711, ChargerSequence = 17 };
        await parts.Sender.SendAsync(SenderParts.Target(Url("127.0.0.1")), new Posting(item, 1, AttemptTrigger.Replay, "evt_7"), default);
        var headers = Assert.Single(_receiver.Received).Headers;
        Assert.Equal(
            ("4711", "17", "evt_7", "true"),
            (headers["Capacitor-Sequence"], headers["Capacitor-Charger-Sequence"], headers["Capacitor-Gap"], headers["Capacitor-Replay"]));
    }

    [Fact]
    public async Task Send_WithHeadersOfTheTenant_SendsThoseThatAreNotOurs()
    {
        using var parts = new SenderParts();
        WebhookHeader[] own =
        [
            new("Authorization", "Bearer abc"), new("X-Tenant", "a b"), new("Content-Language", "de"),
            new("Content-Type", "text/plain"), new("User-Agent", "mine"), new("Host", "other.example"), new("Content-Length", "3"), new("Transfer-Encoding", "chunked"),
            new("WEBHOOK-ID", "evt_x"), new("webhook-signature", "v1,x"), new("Capacitor-Sequence", "1"), new("Connection", "close"), new("Expect", "100-continue"),
            new("X-Split", "a\r\nX-Injected: b"), new("X Bad", "1"), new("X-Umlaut", "ä"),
        ];
        var item = parts.Event();
        var result = await parts.Sender.SendAsync(SenderParts.Target(Url("127.0.0.1"), null, own), new Posting(item), default);
        Assert.Equal("delivered", result.Attempt.Outcome);
        var webhook = Assert.Single(_receiver.Received);
        Assert.Equal(
            ["Authorization", "Content-Language", "Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-timestamp", "X-Tenant"],
            webhook.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(("Bearer abc", "a b", "de"), (webhook.Headers["Authorization"], webhook.Headers["X-Tenant"], webhook.Headers["Content-Language"]));
        Assert.Equal((item.Id, "application/json", Url("127.0.0.1").Authority), (webhook.Id, webhook.Headers["Content-Type"], webhook.Headers["Host"]));
        Assert.StartsWith("Capacitor-Webhooks/", webhook.Headers["User-Agent"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Send_AnswerAsksForAPause_HasIt(int status)
    {
        using var parts = new SenderParts();
        _receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        };
        Assert.Equal(TimeSpan.FromMinutes(2), (await parts.SendAsync(Url("127.0.0.1"))).RetryAfter);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData(" 7 ", 7)]
    [InlineData("0", 0)]
    [InlineData("-5", 0)]
    [InlineData("86401", 86_400)]
    [InlineData("99999999999999999999999999999999999999999999", 86_400)]
    [InlineData("Fri, 06 Feb 2026 12:01:30 GMT", 90)]
    [InlineData("Friday, 06-Feb-26 12:01:30 GMT", 90)]
    [InlineData("Fri Feb  6 12:01:30 2026", 90)]
    [InlineData("Fri, 06 Feb 2026 11:00:00 GMT", 0)]
    [InlineData("Fri, 06 Feb 2099 12:00:00 GMT", 86_400)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("1.5", null)]
    [InlineData("NaN", null)]
    [InlineData("soon", null)]
    [InlineData("1, 2", null)]
    public void ReadRetryAfter_SecondsOrDate_IsAPauseOfAtMostADay(string text, int? seconds) => Assert.Equal(
        seconds is { } expected ? TimeSpan.FromSeconds(expected) : null,
        AnswerHeaders.ReadRetryAfter(text, DateTimeOffset.FromUnixTimeSeconds(1_770_379_200)));

    private Uri Url(string host) => new($"http://{host}:{_receiver.Url.Port}/hooks?token=geheim");
}
