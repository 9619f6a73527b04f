using System.Buffers;
using System.Buffers.Text;

namespace Capacitor.Limit;

/// <summary>UTF-8 put together by hand in a caller's span.</summary>
internal ref struct Text(Span<byte> space)
{
    private readonly Span<byte> _space = space;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _space[.._length];

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref Text Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_space[_length..]);
        _length += text.Length;
        return ref this;
    }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref Text Add(long number)
    {
        Utf8Formatter.TryFormat(number, _space[_length..], out var written);
        _length += written;
        return ref this;
    }

    /// <summary>Wh as kWh.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref Text AddThousandths(long number)
    {
        Utf8Formatter.TryFormat(number / 1000m, _space[_length..], out var written, new StandardFormat('F', 3));
        _length += written;
        return ref this;
    }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref Text AddNow()
    {
        TimeProvider.System.GetUtcNow().UtcDateTime.TryFormat(_space[_length..], out var written, "yyyy-MM-ddTHH:mm:ss.fffZ");
        _length += written;
        return ref this;
    }
}
