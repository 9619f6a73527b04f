using System.Text;
using Capacitor.Messages;

namespace Capacitor.Api.Messages;

/// <summary>A block that is being filled. Not thread-safe.</summary>
internal sealed class MessageBuffer
{
    /// <summary>Texts that one has room for, in bytes.</summary>
    public const int TextSize = 256 * 1024;

    /// <summary>About what one takes of memory.</summary>
    public const int Size = TextSize + (MostEntries * 80);

    private const int MostEntries = 1024;

    private readonly MessageEntry[] _entries = new MessageEntry[MostEntries];
    private readonly byte[] _texts = new byte[TextSize];
    private int _end;

    public int Count { get; private set; }

    public bool HasRoomFor(string? messageId, int length) =>
        Count < MostEntries && Encoding.UTF8.GetMaxByteCount(messageId?.Length ?? 0) + length <= TextSize - _end;

    /// <summary>Adds a frame of which <paramref name="text"/> is kept; what its entry says of id and text is filled in here.</summary>
    public void Add(in MessageEntry entry, string? messageId, ReadOnlySpan<byte> text, bool isCut)
    {
        var idLength = messageId is null ? -1 : Encoding.UTF8.GetBytes(messageId, _texts.AsSpan(_end));
        _end += Math.Max(idLength, 0);
        text.CopyTo(_texts.AsSpan(_end));
        _entries[Count++] = entry with { IdLength = idLength, Start = _end, Length = text.Length, IsCut = isCut };
        _end += text.Length;
    }

    /// <summary>What was added, for as long as nothing else is.</summary>
    public MessageBlock ToBlock() => new() { Entries = _entries.AsMemory(0, Count), Texts = _texts.AsMemory(0, _end) };

    /// <summary>Makes it empty; it holds on to nobody's strings.</summary>
    public void Clear()
    {
        Array.Clear(_entries, 0, Count);
        (Count, _end) = (0, 0);
    }
}
