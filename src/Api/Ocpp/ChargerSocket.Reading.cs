using System.Buffers;
using System.Net.WebSockets;
using System.Numerics;
using Capacitor.Chargers;
using Capacitor.Ocpp;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    private const int FirstBuffer = 1024;

    private int _ignored;

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                // Without a buffer: none is held while nothing comes.
                var next = await _webSocket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (next.MessageType != WebSocketMessageType.Close)
                {
                    if (next.EndOfMessage)
                    {
                        edge.Metrics.Ignored("empty");
                        Note("empty_frame", null, "The frame holds nothing.");
                        continue;
                    }

                    next = await ReadMessageAsync();
                }

                if (next.MessageType == WebSocketMessageType.Close)
                {
                    await AnswerCloseAsync();
                    return;
                }
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
        }
    }

    private async ValueTask<ValueWebSocketReceiveResult> ReadMessageAsync()
    {
        var limit = edge.Options.MaxFrameBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        Task? room = null;
        try
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }

                part = await _webSocket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += part.Count;
                if (length > limit)
                {
                    BeginClose(WebSocketCloseStatus.MessageTooBig, $"A message may have at most {limit} bytes.");
                }

                if (IsClosing)
                {
                    length = 0; // read on for the charger's close frame only
                }
            }
            while (!part.EndOfMessage && part.MessageType != WebSocketMessageType.Close);

            if (part.MessageType != WebSocketMessageType.Close && length > 0)
            {
                room = Take(buffer.AsMemory(0, length), part.MessageType == WebSocketMessageType.Binary);
            }

            if (room is null || room.IsCompleted)
            {
                return part;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await room;
        return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Text, true);
    }

    /// <summary>Hands a frame on; the task ends when there is room for more.</summary>
    private Task Take(ReadOnlyMemory<byte> text, bool isBinary)
    {
        var frame = OcppFrame.Read(text);
        LogReceived(frame, text, frame.Kind is OcppFrameKind.CallResult or OcppFrameKind.CallError or OcppFrameKind.BadCallResult ? _commands?.Find(frame.MessageId) : null);
        Judge(frame, isBinary);
        switch (frame.Kind)
        {
            case OcppFrameKind.Call:
                return Accept(frame, frame.Payload.ToArray(), null);
            case OcppFrameKind.BadCall:
                return Accept(frame, default, new ChargerAnswer { ErrorCode = frame.ErrorCode, ErrorDescription = frame.ErrorDescription });
            case OcppFrameKind.CallResult or OcppFrameKind.CallError or OcppFrameKind.BadCallResult:
                if (_commands?.TryEnd(frame) != true)
                {
                    Ignore("unexpected_answer");
                    Note("unexpected_answer", null, "No command waits for this answer.");
                }

                return Task.CompletedTask;
            case OcppFrameKind.UnknownType:
                Ignore("unknown_type");
                return Task.CompletedTask;
            default:
                Ignore("unreadable");
                return Task.CompletedTask;
        }
    }

    // The log gets the 1st, 2nd, 4th, 8th … of a connection: a charger that sends nothing else must not fill it.
    private void Ignore(string kind)
    {
        edge.Metrics.Ignored(kind);
        if (BitOperations.IsPow2(++_ignored))
        {
            Log.Ignored(edge.Logger, chargeBoxId, kind, _ignored);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
