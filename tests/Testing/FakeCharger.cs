using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Capacitor.Testing;

/// <summary>
/// A charger as plain as can be: a WebSocket that sends what a test writes and keeps what it gets. It checks nothing, so tests can send
/// what no proper charger would.
/// </summary>
public sealed class FakeCharger : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<FakeAnswer>> _pending = new();
    private readonly Channel<FakeAnswer> _answers = Channel.CreateUnbounded<FakeAnswer>();
    private readonly Channel<FakeCall> _calls = Channel.CreateUnbounded<FakeCall>();
    private readonly Channel<string> _frames = Channel.CreateUnbounded<string>();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _cut = new();
    private readonly Task<FakeClose> _reading;
    private int _lastId;

    private FakeCharger(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>The subprotocol the server chose; null when it sent none.</summary>
    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>True until the connection has ended.</summary>
    public bool IsOpen => !_reading.IsCompleted;

    /// <summary>How the connection ended; null while it lasts.</summary>
    public FakeClose? End => _reading.IsCompletedSuccessfully ? _reading.Result : null;

    /// <summary>Every frame received, in order.</summary>
    public ChannelReader<string> Frames => _frames.Reader;

    /// <summary>Every CALL of the server that no <see cref="NextCallAsync"/> takes, in order; ends with the connection.</summary>
    public ChannelReader<FakeCall> Calls => _calls.Reader;

    /// <summary>
    /// Connects to <c>{url}/{id}</c>, where <paramref name="url"/> ends in <c>/ocpp</c>; http and ws are the same. Throws
    /// <see cref="HandshakeRefusedException"/> with the HTTP status when it is not let in.
    /// </summary>
    public static async Task<FakeCharger> ConnectAsync(
        string url,
        string id,
        string? password = null,
        string[]? protocols = null,
        IReadOnlyDictionary<string, string>? headers = null,
        Action<ClientWebSocketOptions>? configure = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.CollectHttpResponseDetails = true;
        foreach (var protocol in protocols ?? ["ocpp1.6"])
        {
            socket.Options.AddSubProtocol(protocol);
        }

        if (password is not null)
        {
            socket.Options.SetRequestHeader("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{password}")));
        }

        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            socket.Options.SetRequestHeader(name, value);
        }

        configure?.Invoke(socket.Options);
        var target = new Uri($"{url.Replace("http", "ws", StringComparison.Ordinal).TrimEnd('/')}/{Uri.EscapeDataString(id)}");
        try
        {
            await socket.ConnectAsync(target, CancellationToken.None).WaitAsync(Patience);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != 0)
        {
            throw new HandshakeRefusedException((int)socket.HttpStatusCode);
        }

        return new FakeCharger(socket);
    }

    /// <summary>Sends a CALL and waits for its answer.</summary>
    public async Task<FakeAnswer> CallAsync(string action, string payload = "{}", string? messageId = null)
    {
        messageId ??= "m" + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var answer = _pending.GetOrAdd(messageId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        await SendRawAsync($"[2,{JsonSerializer.Serialize(messageId)},{JsonSerializer.Serialize(action)},{payload}]");
        return await answer.Task.WaitAsync(Patience);
    }

    /// <summary>Sends a text frame as it is.</summary>
    public Task SendRawAsync(string text) => SendRawAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends bytes as one message, or as part of one when <paramref name="end"/> is false.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type = WebSocketMessageType.Binary, bool end = true)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes, type, end, CancellationToken.None).AsTask().WaitAsync(Patience);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next answer that no <see cref="CallAsync"/> waits for.</summary>
    public Task<FakeAnswer> NextAnswerAsync() => _answers.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next CALL of the server.</summary>
    public Task<FakeCall> NextCallAsync() => _calls.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Answers a CALL of the server with a CALLRESULT.</summary>
    public Task AnswerAsync(FakeCall call, string payload) => SendRawAsync($"[3,{JsonSerializer.Serialize(call.MessageId)},{payload}]");

    /// <summary>Answers a CALL of the server with a CALLERROR.</summary>
    public Task RefuseAsync(FakeCall call, string code, string description = "") =>
        SendRawAsync($"[4,{JsonSerializer.Serialize(call.MessageId)},{JsonSerializer.Serialize(code)},{JsonSerializer.Serialize(description)},{{}}]");

    /// <summary>Waits until the connection has ended and tells how.</summary>
    public Task<FakeClose> WaitForCloseAsync() => _reading.WaitAsync(Patience);

    /// <summary>Closes by the book.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure, string? reason = null)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.CloseOutputAsync(status, reason, CancellationToken.None).WaitAsync(Patience);
        }
        finally
        {
            _sending.Release();
        }

        await WaitForCloseAsync();
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Cut()
    {
        _cut.Cancel();
        _socket.Abort();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cut();
        await _reading.WaitAsync(Patience);
        _socket.Dispose();
        _sending.Dispose();
        _cut.Dispose();
    }

    private async Task<FakeClose> ReadAsync()
    {
        var buffer = new ArraySegment<byte>(new byte[16 * 1024]);
        using var message = new MemoryStream();
        FakeClose end;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, _cut.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    end = new FakeClose(_socket.CloseStatus, _socket.CloseStatusDescription);
                    if (_socket.State == WebSocketState.CloseReceived)
                    {
                        await _socket.CloseOutputAsync(_socket.CloseStatus!.Value, null, CancellationToken.None);
                    }

                    break;
                }

                message.Write(buffer.AsSpan(0, part.Count));
                if (part.EndOfMessage)
                {
                    Take(Encoding.UTF8.GetString(message.ToArray()));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            end = new FakeClose(null, null);
        }

        foreach (var pending in _pending.Values)
        {
            pending.TrySetException(new IOException($"The connection ended before the answer: {end}."));
        }

        var ended = new IOException($"The connection ended: {end}.");
        _answers.Writer.TryComplete(ended);
        _calls.Writer.TryComplete(ended);
        _frames.Writer.TryComplete();
        return end;
    }

    private void Take(string text)
    {
        _frames.Writer.TryWrite(text);
        using var frame = JsonDocument.Parse(text);
        var type = frame.RootElement[0].GetInt32();
        var id = frame.RootElement[1].ValueKind == JsonValueKind.String ? frame.RootElement[1].GetString()! : frame.RootElement[1].GetRawText();
        if (type == 2)
        {
            _calls.Writer.TryWrite(new FakeCall(id, frame.RootElement[2].GetString()!, frame.RootElement[3].Clone()));
            return;
        }

        var answer = type == 3
            ? new FakeAnswer(id, frame.RootElement[2].Clone(), null, null)
            : new FakeAnswer(id, default, frame.RootElement[2].GetString(), frame.RootElement[3].GetString());
        if (!_pending.TryRemove(id, out var waiting) || !waiting.TrySetResult(answer))
        {
            _answers.Writer.TryWrite(answer);
        }
    }
}

/// <summary>An answer of the server: a payload, or an error's code and description.</summary>
public sealed record FakeAnswer(string MessageId, JsonElement Payload, string? ErrorCode, string? ErrorDescription)
{
    /// <summary>True for a CALLERROR.</summary>
    public bool IsError => ErrorCode is not null;
}

/// <summary>A CALL of the server.</summary>
public sealed record FakeCall(string MessageId, string Action, JsonElement Payload);

/// <summary>How a connection ended; no status when it was cut.</summary>
public sealed record FakeClose(WebSocketCloseStatus? Status, string? Reason);

/// <summary>The server answered the handshake with this HTTP status.</summary>
public sealed class HandshakeRefusedException(int status) : Exception($"The server refused the handshake with {status}.")
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;
}
