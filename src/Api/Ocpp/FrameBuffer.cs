using System.Buffers;
using System.Buffers.Binary;

namespace Capacitor.Api.Ocpp;

/// <summary>One WebSocket text frame being written: the header goes in front when the length is known, so the whole frame is one write and one buffer.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    private const int HeaderSpace = 10;
    private const int FirstSize = 1024;
    private const int KeptSize = 16 * 1024;
    private const byte FinalText = 0x81;
    private const int ShortLimit = 125;
    private const byte Length16 = 126;
    private const byte Length64 = 127;

    [ThreadStatic]
    private static FrameBuffer? _spare;

    private byte[] _bytes = new byte[FirstSize];
    private int _end = HeaderSpace;

    private FrameBuffer()
    {
    }

    /// <summary>An empty one.</summary>
    public static FrameBuffer Rent()
    {
        var buffer = _spare ?? new FrameBuffer();
        _spare = null;
        buffer._end = HeaderSpace;
        return buffer;
    }

    /// <summary>Gives it back; nothing may use its frame any more.</summary>
    public void Return()
    {
        if (_bytes.Length <= KeptSize)
        {
            _spare = this;
        }
    }

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_end);
    }

    /// <summary>The text that was written so far.</summary>
    public ReadOnlyMemory<byte> Text => _bytes.AsMemory(HeaderSpace, _end - HeaderSpace);

    /// <summary>The frame on the wire (RFC 6455 §5.2; a server does not mask).</summary>
    public ReadOnlyMemory<byte> ToFrame()
    {
        var length = _end - HeaderSpace;
        var start = HeaderSpace - (length <= ShortLimit ? 2 : length <= ushort.MaxValue ? 4 : HeaderSpace);
        _bytes[start] = FinalText;
        if (length <= ShortLimit)
        {
            _bytes[start + 1] = (byte)length;
        }
        else if (length <= ushort.MaxValue)
        {
            _bytes[start + 1] = Length16;
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(start + 2), (ushort)length);
        }
        else
        {
            _bytes[start + 1] = Length64;
            BinaryPrimitives.WriteUInt64BigEndian(_bytes.AsSpan(start + 2), (ulong)length);
        }

        return _bytes.AsMemory(start, _end - start);
    }

    private void Reserve(int sizeHint)
    {
        var needed = _end + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }
}
