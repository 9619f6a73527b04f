using System.Buffers.Binary;
using System.Buffers.Text;

namespace Capacitor.Load.Wire;

/// <summary>Writes one masked text frame into a buffer that is used again and again.</summary>
internal sealed class FrameWriter
{
    // Two bytes, two of length, four of mask.
    private const int Header = 8;

    private readonly byte[] _buffer = new byte[1024];
    private int _length;

    public FrameWriter Call(int messageId, ReadOnlySpan<byte> action)
    {
        _length = Header;
        return Add("[2,\""u8).Add(messageId).Add("\",\""u8).Add(action).Add("\","u8);
    }

    public FrameWriter Refuse(ReadOnlySpan<byte> messageId)
    {
        _length = Header;
        return Add("[4,\""u8).Add(messageId).Add("\",\"NotImplemented\",\"\",{}"u8);
    }

    public FrameWriter Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
        return this;
    }

    public FrameWriter Add(long number)
    {
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_length), out var written);
        _length += written;
        return this;
    }

    /// <summary>Closes the array and returns the frame. The mask is zero, which is a mask like any other and spares the client the work.</summary>
    public ReadOnlySpan<byte> End()
    {
        Add("]"u8);
        var content = _length - Header;
        var start = content > 125 ? 0 : 2;
        _buffer[start] = 0x81;
        if (content > 125)
        {
            _buffer[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), (ushort)content);
        }
        else
        {
            _buffer[3] = (byte)(0x80 | content);
        }

        _buffer.AsSpan(Header - 4, 4).Clear();
        return _buffer.AsSpan(start, _length - start);
    }
}
