using System.Buffers.Text;

namespace Capacitor.Limit;

/// <summary>Finds a member by its spelling; enough for frames that a load generator writes.</summary>
internal static class Json
{
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> opening)
    {
        var start = json.IndexOf(opening);
        if (start < 0)
        {
            return default;
        }

        var rest = json[(start + opening.Length)..];
        return rest[..rest.IndexOf((byte)'"')];
    }

    public static long Number(ReadOnlySpan<byte> json, ReadOnlySpan<byte> opening)
    {
        var start = json.IndexOf(opening);
        return start >= 0 && Utf8Parser.TryParse(json[(start + opening.Length)..], out long number, out _) ? number : 0;
    }
}
