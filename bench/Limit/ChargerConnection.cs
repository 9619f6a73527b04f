using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace Capacitor.Limit;

/// <summary>One charger's socket: reads a call, answers by hand, posts the event that the call stands for.</summary>
internal sealed class ChargerConnection(string chargeBoxId, WebSocket socket, Hooks hooks)
{
    private static int s_lastTransaction;

    private readonly byte[] _id = Encoding.UTF8.GetBytes(chargeBoxId);
    private byte[] _status = [];
    private byte[] _idTag = [];
    private int _transaction;
    private long _meterStart;

    public async Task RunAsync()
    {
        await hooks.PostAsync(EventBody.Connected(_id));
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                // Waits without a buffer, so an idle connection holds none.
                await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (!await ReceiveAsync())
                {
                    break;
                }
            }
        }
        catch (WebSocketException)
        {
            // The charger is gone.
        }

        await hooks.PostAsync(EventBody.Disconnected(_id));
    }

    private async ValueTask<bool> ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return false;
            }

            if (!received.EndOfMessage)
            {
                throw new NotSupportedException("The limit reads frames up to 4 KiB.");
            }

            var body = Handle(buffer.AsSpan(0, received.Count), buffer, out var answer);
            await socket.SendAsync(buffer.AsMemory(0, answer), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            if (body is not null)
            {
                await hooks.PostAsync(body);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads <c>[2,"id","Action",{…}]</c> and puts the answer into the same buffer; what is kept of the call is copied first.</summary>
    private byte[]? Handle(ReadOnlySpan<byte> frame, byte[] buffer, out int answerLength)
    {
        var rest = frame[4..];
        var id = rest[..rest.IndexOf((byte)'"')];
        rest = rest[(id.Length + 3)..];
        var action = rest[..rest.IndexOf((byte)'"')];
        var payload = rest[(action.Length + 2)..^1];

        byte[]? body = null;
        Span<byte> space = stackalloc byte[160];
        var answer = new Text(space);
        switch (action[0])
        {
            case (byte)'B': // BootNotification
                answer.Add("{\"status\":\"Accepted\",\"currentTime\":\""u8).AddNow().Add("\",\"interval\":300}"u8);
                body = EventBody.Boot(_id, payload);
                break;
            case (byte)'H': // Heartbeat
                answer.Add("{\"currentTime\":\""u8).AddNow().Add("\"}"u8);
                break;
            case (byte)'A': // Authorize
                answer.Add("{\"idTagInfo\":{\"status\":\"Accepted\"}}"u8);
                break;
            case (byte)'M': // MeterValues
                answer.Add("{}"u8);
                body = _transaction == 0 ? null : EventBody.Updated(_id, _transaction, _idTag, _meterStart, payload);
                break;
            case (byte)'S' when action[3] == 't': // StatusNotification
                answer.Add("{}"u8);
                var status = Json.Text(payload, "\"status\":\""u8);
                if (!status.SequenceEqual(_status))
                {
                    body = EventBody.Status(_id, _status, payload);
                    _status = status.ToArray();
                }

                break;
            case (byte)'S' when action[2] == 'a' && action[3] == 'r': // StartTransaction
                _transaction = Interlocked.Increment(ref s_lastTransaction);
                _idTag = Json.Text(payload, "\"idTag\":\""u8).ToArray();
                _meterStart = Json.Number(payload, "\"meterStart\":"u8);
                answer.Add("{\"transactionId\":"u8).Add(_transaction).Add(",\"idTagInfo\":{\"status\":\"Accepted\"}}"u8);
                body = EventBody.Started(_id, _transaction, _idTag, _meterStart);
                break;
            case (byte)'S' when action[2] == 'o': // StopTransaction
                answer.Add("{\"idTagInfo\":{\"status\":\"Accepted\"}}"u8);
                body = _transaction == 0 ? null : EventBody.Stopped(_id, _transaction, _idTag, _meterStart, payload);
                _transaction = 0;
                break;
            default:
                return NotImplemented(id, buffer, out answerLength);
        }

        var frameOut = new Text(stackalloc byte[256]);
        frameOut.Add("[3,\""u8).Add(id).Add("\","u8).Add(answer.Written).Add("]"u8);
        frameOut.Written.CopyTo(buffer);
        answerLength = frameOut.Written.Length;
        return body;
    }

    private static byte[]? NotImplemented(ReadOnlySpan<byte> id, byte[] buffer, out int answerLength)
    {
        var frame = new Text(stackalloc byte[256]);
        frame.Add("[4,\""u8).Add(id).Add("\",\"NotImplemented\",\"\",{}]"u8);
        frame.Written.CopyTo(buffer);
        answerLength = frame.Written.Length;
        return null;
    }
}
