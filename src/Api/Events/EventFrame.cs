using System.Buffers;
using System.Text;
using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>What a stream is made of, as the HTML standard spells server-sent events.</summary>
internal static class EventFrame
{
    /// <summary>An event with its stored body. Readers of that standard pass over the fields that it does not know.</summary>
    public static void Write(IBufferWriter<byte> output, JournalEvent item)
    {
        Write(output, $"id: {item.Position}\nevent: {item.Type}\nwebhook-id: {item.Id}\n");
        if (item.Sequence > 0)
        {
            Write(output, $"sequence: {item.Sequence}\n");
        }

        if (item.ChargerSequence > 0)
        {
            Write(output, $"charger-sequence: {item.ChargerSequence}\n");
        }

        WriteData(output, item.Body);
        output.Write("\n"u8);
    }

    /// <summary>A sign of life. With a position, a reader that comes back begins there, however long nothing came that it had selected.</summary>
    public static void WriteHeartbeat(IBufferWriter<byte> output, long? position) =>
        Write(output, position is { } at ? $": heartbeat\nid: {at}\n\n" : ": heartbeat\n\n");

    /// <summary>Words for people, which readers pass over.</summary>
    public static void WriteComment(IBufferWriter<byte> output, string text) => Write(output, $": {text}\n\n");

    /// <summary>How long readers are to wait before they come back.</summary>
    public static void WriteRetry(IBufferWriter<byte> output, TimeSpan pause) => Write(output, $"retry: {(int)pause.TotalMilliseconds}\n");

    // A body of ours is one line. Of another one, each line is a field, which readers join.
    private static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        while (true)
        {
            var end = body.IndexOfAny("\r\n"u8);
            output.Write("data: "u8);
            output.Write(end < 0 ? body : body[..end]);
            output.Write("\n"u8);
            if (end < 0)
            {
                return;
            }

            body = body[(body[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
        }
    }

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
