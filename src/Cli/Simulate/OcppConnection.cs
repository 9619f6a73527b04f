using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using Capacitor.Ocpp;

namespace Capacitor.Cli.Simulate;

/// <summary>The charger's end of one WebSocket: one call outstanding at a time, and the server's calls answered meanwhile.</summary>
internal sealed class OcppConnection : IAsyncDisposable
{
    private const string Protocol = "ocpp1.6";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(3);

    private readonly ClientWebSocket _socket;
    private readonly Func<OcppFrame, CommandAnswer> _command;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _lock = new();
    private (string Id, TaskCompletionSource<OcppFrame> Answer)? _pending;
    private string? _ending;

    private OcppConnection(ClientWebSocket socket, Func<OcppFrame, CommandAnswer> command, TimeProvider time)
    {
        (_socket, _command, _time) = (socket, command, time);
        Closed = ReceiveAsync();
    }

    /// <summary>Completes when the connection has ended, and never fails.</summary>
    public Task Closed { get; }

    /// <exception cref="UnreachableServerException">There is no connection to be had, and why.</exception>
    public static async Task<OcppConnection> OpenAsync(Uri url, Func<OcppFrame, CommandAnswer> command, TimeProvider time, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(Protocol);
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(url, cancellation);
            return new OcppConnection(socket, command, time);
        }
        catch (WebSocketException failure)
        {
            var reason = Explain(url, socket.HttpStatusCode, failure);
            socket.Dispose();
            throw new UnreachableServerException(reason, failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a call and waits for its CALLRESULT or CALLERROR.</summary>
    /// <exception cref="ConnectionLostException">It ended before the answer came.</exception>
    public async Task<OcppFrame> CallAsync(string action, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<OcppFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_ending is not null)
            {
                throw new ConnectionLostException(_ending);
            }

            _pending = (id, answer);
        }

        try
        {
            await SendAsync(output => OcppFrameWriter.WriteCall(output, id, action, payload.Span));
            return await answer.Task.WaitAsync(Patience, _time, cancellation);
        }
        catch (TimeoutException)
        {
            _socket.Abort();
            throw new ConnectionLostException($"{action} was not answered within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception failure) when (failure is WebSocketException or ObjectDisposedException)
        {
            _socket.Abort(); // what cannot be sent on has ended, even if the reading side does not know it yet
            throw new ConnectionLostException(failure.Message);
        }
    }

    /// <summary>Says goodbye with 1000 and waits for the other side to do so too.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        }
        catch (WebSocketException)
        {
            // It ended by itself first.
        }
        finally
        {
            _sending.Release();
        }

        await Task.WhenAny(Closed, Task.Delay(Courtesy, _time, cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await Closed;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReceiveAsync()
    {
        // The constructor must not wait for the first frame.
        await Task.Yield();
        var ending = "The server closed the connection.";
        try
        {
            var buffer = new ArrayBufferWriter<byte>(1024);
            while (await ReadAsync(buffer))
            {
                await HandleAsync(OcppFrame.Read(buffer.WrittenMemory.ToArray()));
                buffer.ResetWrittenCount();
            }

            ending = _socket.CloseStatusDescription is { Length: > 0 } reason ? $"The server closed the connection: {reason}" : ending;
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            ending = failure.Message;
        }

        lock (_lock)
        {
            _ending = ending;
            _pending?.Answer.TrySetException(new ConnectionLostException(ending));
        }
    }

    /// <summary>Reads one message; false at the end of the connection.</summary>
    private async Task<bool> ReadAsync(ArrayBufferWriter<byte> buffer)
    {
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer.GetMemory(512), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await SayGoodbyeAsync();
                return false;
            }

            buffer.Advance(received.Count);
            if (received.EndOfMessage)
            {
                return true;
            }
        }
    }

    private async Task SayGoodbyeAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived)
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
    }

    private async Task HandleAsync(OcppFrame frame)
    {
        switch (frame.Kind)
        {
            case OcppFrameKind.CallResult or OcppFrameKind.CallError:
                lock (_lock)
                {
                    if (_pending is { } pending && pending.Id == frame.MessageId)
                    {
                        _pending = null;
                        pending.Answer.TrySetResult(frame);
                    }
                }

                break;
            case OcppFrameKind.Call:
                var answer = _command(frame);
                await SendAsync(output => answer.Write(output, frame.MessageId!));
                answer.Then?.Invoke();
                break;
            case OcppFrameKind.BadCall:
                await SendAsync(output => OcppFrameWriter.WriteCallError(output, frame));
                break;
        }
    }

    private async Task SendAsync(Action<ArrayBufferWriter<byte>> write)
    {
        var frame = new ArrayBufferWriter<byte>(512);
        write(frame);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(frame.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static string Explain(Uri url, HttpStatusCode status, WebSocketException failure) => status switch
    {
        HttpStatusCode.NotFound => $"The server does not know this charger ({url}): register it, or give --api-key and it is done for you.",
        HttpStatusCode.Unauthorized => $"The server wants a password of this charger ({url}), and simulated chargers have none.",
        0 => $"Capacitor cannot be reached at {url}: {(failure.InnerException ?? failure).Message}",
        _ => $"The server refused the connection to {url} with HTTP {(int)status}.",
    };
}
