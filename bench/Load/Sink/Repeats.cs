using System.Text;

namespace Capacitor.Load.Sink;

/// <summary>What a careful receiver does: it remembers the ids of the events that it had.</summary>
internal sealed class Repeats
{
    private readonly HashSet<string> _known = [];

    /// <summary>How many came that were known.</summary>
    public long Count { get; private set; }

    public bool IsNew(ReadOnlySpan<byte> head)
    {
        var isNew = _known.Add(Encoding.ASCII.GetString(IdOf(head)));
        Count += isNew ? 0 : 1;
        return isNew;
    }

    /// <summary>The <c>webhook-id</c> of a request.</summary>
    public static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> head)
    {
        var name = "\nwebhook-id: "u8;
        var at = head.IndexOf(name);
        if (at < 0)
        {
            throw new NotSupportedException("An event without a webhook-id.");
        }

        var id = head[(at + name.Length)..];
        var end = id.IndexOf((byte)'\r');
        return end < 0 ? id : id[..end];
    }
}
