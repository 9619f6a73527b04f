using System.Net;
using System.Net.Sockets;
using System.Text;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Endpoints that do what no web server should.</summary>
public sealed class BrokenEndpointTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly SenderParts _parts = new();
    private readonly TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Send_ConnectionIsReset_IsABrokenAnswer()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        await BreaksAsync(receiver, "The endpoint closed the connection before it had answered.");
    }

    [Fact]
    public async Task Send_ConnectionIsClosed_IsABrokenAnswer()
    {
        await using var receiver = new RawReceiver(connection => connection.ReadRequestAsync());
        await BreaksAsync(receiver, "The endpoint closed the connection before it had answered.");
    }

    [Fact]
    public async Task Send_ConnectionIsClosedWithinTheHeaders_IsABrokenAnswer()
    {
        await using var receiver = Answering("HTTP/1.1 200 OK\r\nContent-Le");
        await BreaksAsync(receiver, "The endpoint closed the connection before it had answered.");
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 banana\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 99999 OK\r\n\r\n")]
    public async Task Send_AnswerIsNotHttp_IsABrokenAnswer(string answer)
    {
        await using var receiver = Answering(answer);
        await BreaksAsync(receiver, "What the endpoint sent is not an HTTP answer.");
    }

    [Fact]
    public async Task Send_HeadersWithoutEnd_IsABrokenAnswer()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
            for (var i = 0; ; i++)
            {
                await connection.WriteAsync($"X-{i}: {new string('x', 1000)}\r\n");
            }
        });
        await BreaksAsync(receiver, "The headers of the endpoint's answer are longer than 64 KiB.");
    }

    [Fact]
    public async Task Send_HangsWithinTheHeaders_TimesOut()
    {
        await using var receiver = Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-H", hang: true);
        var result = await _parts.RunOutAsync(receiver.Url, _signal.Task);
        Assert.Equal(new DeliveryOutcome.TimedOut(), result.Outcome);
        Assert.Equal((null, receiver.Url.Authority, TimeSpan.FromSeconds(5)), (result.Attempt.Status, result.Attempt.Address, result.Attempt.Total));
        Assert.Equal("The endpoint did not answer in time.", result.Attempt.Error);
    }

    [Fact]
    public async Task Send_ProvisionalAnswersWithoutEnd_IsABrokenAnswer()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            while (true)
            {
                await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            }
        });
        await BreaksAsync(receiver, "The headers of the endpoint's answer are longer than 64 KiB.");
    }

    [Fact]
    public async Task Send_HangsWithinTheBody_TimesOutWithWhatCame()
    {
        await using var receiver = Answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", hang: true);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var result = await _parts.SendAsync(receiver.Url, deadline: deadline.Token);
        Assert.Equal(new DeliveryOutcome.TimedOut(Answered: true), result.Outcome);
        Assert.Equal(("timed_out", 200, "half"), (result.Attempt.Outcome, result.Attempt.Status, Encoding.UTF8.GetString(result.Attempt.Body!)));
    }

    [Fact]
    public async Task Send_BodyBreaksOff_IsDeliveredWithWhatCame()
    {
        await using var receiver = Answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        var result = await _parts.SendAsync(receiver.Url);
        Assert.Equal(new DeliveryOutcome.Delivered(200), result.Outcome);
        Assert.Equal("half"u8.ToArray(), result.Attempt.Body);
    }

    [Fact]
    public async Task Send_ChunksAreGarbage_IsDelivered()
    {
        await using var receiver = Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbanana\r\n");
        Assert.Equal(new DeliveryOutcome.Delivered(200), (await _parts.SendAsync(receiver.Url)).Outcome);
    }

    [Fact]
    public async Task Send_AnswerThatAnnouncesGigabytes_IsReadNoFurtherThanItsShare()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n");
            var piece = new string('x', 65_536);
            try
            {
                while (true)
                {
                    await connection.WriteAsync(piece);
                }
            }
            catch (IOException)
            {
                _signal.SetResult();
            }
        });
        var result = await _parts.SendAsync(receiver.Url);
        Assert.Equal((new DeliveryOutcome.Delivered(200), 1024, true), (result.Outcome, result.Attempt.Body!.Length, result.Attempt.BodyTruncated));
        await _signal.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Send_EndpointClosesIdleConnections_EveryDeliverySucceeds()
    {
        var closed = new SemaphoreSlim(0);
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Ok);
            connection.Close();
            closed.Release();
        });
        for (var i = 0; i < 10; i++)
        {
            var result = await _parts.SendAsync(receiver.Url);
            Assert.Equal((new DeliveryOutcome.Delivered(200), false), (result.Outcome, result.Attempt.Reused));
            Assert.True(await closed.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(10, receiver.Connections);
    }

    [Fact]
    public async Task Send_UsedConnectionIsClosedInsteadOfAnAnswer_IsOnePostAndOneFailure()
    {
        var requests = 0;
        await using var receiver = new RawReceiver(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null && Interlocked.Increment(ref requests) != 2)
            {
                await connection.WriteAsync(Ok);
            }
        });
        Assert.Equal(new DeliveryOutcome.Delivered(200), (await _parts.SendAsync(receiver.Url)).Outcome);
        var second = await _parts.SendAsync(receiver.Url);
        Assert.Equal(new DeliveryOutcome.BrokenAnswer($"{receiver.Url.Authority} closed a connection that had been used before, and did not answer."), second.Outcome);
        Assert.True(second.Attempt.Reused);
        Assert.Equal((2, 1), (requests, receiver.Connections));
        Assert.Equal(new DeliveryOutcome.Delivered(200), (await _parts.SendAsync(receiver.Url)).Outcome);
    }

    [Fact]
    public async Task Send_ConnectionIsNotTaken_IsAConnectTimeout()
    {
        using var parts = new SenderParts(options => options.Timeout = TimeSpan.FromSeconds(5));
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var fillers = new List<Socket>();
        try
        {
            // A queue of connections that nobody takes: once it is full, the system drops what comes.
            var isFull = false;
            while (!isFull)
            {
                var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                fillers.Add(filler);
                isFull = !TryConnect(filler, listener.LocalEndPoint!);
            }

            var request = new WebhookRequest(SenderParts.Target(new Uri($"http://{listener.LocalEndPoint}/")), new Posting(parts.Event()), parts.Time);
            var connecting = parts.Guard.ConnectAsync(new DnsEndPoint("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port), request, default).AsTask();
            Assert.False(connecting.IsCompleted);
            parts.Time.Advance(TimeSpan.FromSeconds(5));
            var failure = await Assert.ThrowsAsync<NoConnectionException>(() => connecting);
            Assert.Equal(
                new DeliveryOutcome.ConnectTimedOut($"{listener.LocalEndPoint} did not take the connection in time."),
                AttemptFailure.Judge(new HttpRequestException("", failure), request));
            Assert.Equal(AttemptFailure.Judge(failure, request), AttemptFailure.JudgeTimeout(request));
        }
        finally
        {
            fillers.ForEach(filler => filler.Dispose());
        }
    }

    [Fact]
    public async Task Send_NobodyListensAtTheFirstAddress_GoesToTheSecond()
    {
        await using var receiver = new RawReceiver(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.WriteAsync(Ok);
            },
            IPAddress.Parse("127.0.0.2"));
        using var parts = new SenderParts(resolve: _ => [IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")]);
        var result = await parts.SendAsync(new Uri($"http://two.example:{receiver.Url.Port}/"));
        Assert.Equal((new DeliveryOutcome.Delivered(200), receiver.Url.Authority), (result.Outcome, result.Attempt.Address));
    }

    private static bool TryConnect(Socket socket, EndPoint endpoint)
    {
        try
        {
            socket.Connect(endpoint);
        }
        catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite);
        }

        return true;
    }

    private RawReceiver Answering(string answer, bool hang = false) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync(answer);
        _signal.TrySetResult();
        if (hang)
        {
            await connection.WaitForCloseAsync();
        }
    });

    private async Task BreaksAsync(RawReceiver receiver, string error)
    {
        var result = await _parts.SendAsync(receiver.Url);
        Assert.Equal(new DeliveryOutcome.BrokenAnswer(error), result.Outcome);
        Assert.Equal(("broken_answer", error, null), (result.Attempt.Outcome, result.Attempt.Error, result.Attempt.Status));
        Assert.Equal(receiver.Url.Authority, result.Attempt.Address);
        Assert.Equal(1, receiver.Connections);
    }
}
