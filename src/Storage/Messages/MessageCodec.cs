using System.Text;
using Capacitor.Messages;

namespace Capacitor.Storage.Messages;

/// <summary>
/// The stored form of a pack: a byte that names the form, then its messages, oldest first. A message is a byte of flags; numbers of seven bits a byte, lowest
/// first: how far its position is from the one before, its latency, its size; its action, its id and its text, each behind its length. Stored data: a change
/// takes another first byte.
/// </summary>
internal static class MessageCodec
{
    private const byte Form = 1;

    private const int KindShift = 1;
    private const int KindMask = 3;
    private const byte IsOut = 1;
    private const byte HasAction = 1 << 3;
    private const byte HasId = 1 << 4;
    private const byte HasLatency = 1 << 5;
    private const byte IsCut = 1 << 6;

    /// <summary>What a message takes at most besides its texts: flags and six numbers.</summary>
    public const int Longest = 1 + 10 + (5 * 5);

    /// <summary>What a message takes at most.</summary>
    public static int LongestOf(in MessageEntry entry) =>
        Longest + Encoding.UTF8.GetMaxByteCount(entry.Action?.Length ?? 0) + Math.Max(entry.IdLength, 0) + entry.Length;

    /// <summary>Begins a pack; answers where it goes on.</summary>
    public static int Begin(byte[] data, int at)
    {
        data[at] = Form;
        return at + 1;
    }

    /// <summary>Writes a message; answers where it ends.</summary>
    public static int Write(byte[] data, int at, in MessageEntry entry, long distance, ReadOnlySpan<byte> texts)
    {
        data[at++] = (byte)((entry.Direction == MessageDirection.Out ? IsOut : 0) | ((int)entry.Kind << KindShift) | (entry.Action is null ? 0 : HasAction)
            | (entry.IdLength < 0 ? 0 : HasId) | (entry.Latency < 0 ? 0 : HasLatency) | (entry.IsCut ? IsCut : 0));
        at = WriteNumber(data, at, (ulong)distance);
        if (entry.Latency >= 0)
        {
            at = WriteNumber(data, at, (ulong)entry.Latency);
        }
        at = WriteNumber(data, at, (ulong)entry.Size);
        at = entry.Action is { } action ? WriteText(data, at, action) : at;
        at = entry.IdLength < 0 ? at : WriteText(data, at, texts.Slice(entry.Start - entry.IdLength, entry.IdLength));
        return WriteText(data, at, texts.Slice(entry.Start, entry.Length));
    }

    /// <summary>Reads a pack's messages, oldest first. Throws <see cref="InvalidDataException"/> for a form that is not known here.</summary>
    public static IEnumerable<LoggedMessage> Read(long first, byte[] data)
    {
        if (data.Length == 0 || data[0] != Form)
        {
            throw new InvalidDataException("A pack of messages is stored in a form that this version does not know.");
        }
        var position = first;
        for (var at = 1; at < data.Length;)
        {
            var flags = data[at++];
            position += (long)ReadNumber(data, ref at);
            TimeSpan? latency = (flags & HasLatency) == 0 ? null : TimeSpan.FromMicroseconds(ReadNumber(data, ref at));
            var size = (int)ReadNumber(data, ref at);
            var action = (flags & HasAction) == 0 ? null : ReadText(data, ref at);
            var id = (flags & HasId) == 0 ? null : ReadText(data, ref at);
            var length = (int)ReadNumber(data, ref at);
            yield return new LoggedMessage
            {
                Position = position,
                Direction = (MessageDirection)(flags & IsOut),
                Kind = (MessageKind)((flags >> KindShift) & KindMask),
                Action = action,
                MessageId = id,
                Latency = latency,
                Size = size,
                IsCut = (flags & IsCut) != 0,
                Text = data.AsMemory(at, length),
            };
            at += length;
        }
    }

    private static int WriteText(byte[] data, int at, string text)
    {
        at = WriteNumber(data, at, (ulong)Encoding.UTF8.GetByteCount(text));
        return at + Encoding.UTF8.GetBytes(text, data.AsSpan(at));
    }

    private static int WriteText(byte[] data, int at, ReadOnlySpan<byte> utf8)
    {
        at = WriteNumber(data, at, (ulong)utf8.Length);
        utf8.CopyTo(data.AsSpan(at));
        return at + utf8.Length;
    }

    private static string ReadText(byte[] data, ref int at)
    {
        var length = (int)ReadNumber(data, ref at);
        at += length;
        return Encoding.UTF8.GetString(data, at - length, length);
    }

    private static int WriteNumber(byte[] data, int at, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            data[at++] = (byte)(number | 0x80);
        }
        data[at] = (byte)number;
        return at + 1;
    }

    private static ulong ReadNumber(byte[] data, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = data[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
    }
}
