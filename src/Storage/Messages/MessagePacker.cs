using System.Runtime.InteropServices;
using Capacitor.Messages;

namespace Capacitor.Storage.Messages;

/// <summary>Sorts frames by charger and packs them, one pack after another in the same memory. Not thread-safe.</summary>
internal sealed class MessagePacker
{
    private byte[] _data = [];

    /// <summary>
    /// The packs in the order of their chargers, so that a tree of rows is walked from one end to the other. The data of one is good until the next is asked for.
    /// </summary>
    public IEnumerable<MessagePack> Pack(IReadOnlyList<MessageBlock> blocks, IReadOnlyDictionary<string, int> keptDays)
    {
        foreach (var (charger, places) in ByCharger(blocks).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var days = keptDays[EntryAt(blocks, places[0]).Tenant];
            if (!IsSorted(blocks, places)) // they seldom are not
            {
                places.Sort((one, other) => EntryAt(blocks, one).Position.CompareTo(EntryAt(blocks, other).Position));
            }
            for (var next = 0; next < places.Count;)
            {
                yield return PackNext(blocks, charger, days, places, ref next);
            }
        }
    }

    private MessagePack PackNext(IReadOnlyList<MessageBlock> blocks, string charger, int days, List<(int Block, int Entry)> places, ref int next)
    {
        var first = EntryAt(blocks, places[next]).Position;
        var last = first;
        var end = MessageCodec.Begin(Room(0, MessageCodec.Longest), 0);
        do
        {
            ref readonly var entry = ref EntryAt(blocks, places[next]);
            end = MessageCodec.Write(Room(end, MessageCodec.LongestOf(entry)), end, entry, entry.Position - last, blocks[places[next].Block].Texts.Span);
            last = entry.Position;
            next++;
        }
        while (next < places.Count && end < MessagePack.LargeData && IsTogether(first, EntryAt(blocks, places[next]).Position));
        return new(charger, first, last, days, _data.AsMemory(0, end));
    }

    private byte[] Room(int end, int length)
    {
        if (_data.Length - end < length)
        {
            Array.Resize(ref _data, Math.Max(end + length, 2 * _data.Length));
        }
        return _data;
    }

    private static Dictionary<string, List<(int Block, int Entry)>> ByCharger(IReadOnlyList<MessageBlock> blocks)
    {
        Dictionary<string, List<(int Block, int Entry)>> groups = new(StringComparer.Ordinal);
        for (var block = 0; block < blocks.Count; block++)
        {
            var entries = blocks[block].Entries.Span;
            for (var entry = 0; entry < entries.Length; entry++)
            {
                ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, entries[entry].Charger, out _);
                (places ??= []).Add((block, entry));
            }
        }
        return groups;
    }

    private static bool IsSorted(IReadOnlyList<MessageBlock> blocks, List<(int Block, int Entry)> places)
    {
        var last = 0L;
        foreach (var place in places)
        {
            var position = EntryAt(blocks, place).Position;
            if (position < last)
            {
                return false;
            }
            last = position;
        }
        return true;
    }

    private static ref readonly MessageEntry EntryAt(IReadOnlyList<MessageBlock> blocks, (int Block, int Entry) place) => ref blocks[place.Block].Entries.Span[place.Entry];

    private static bool IsTogether(long first, long position) =>
        position - first < MessagePack.LongestSpan && MessagePack.DayOf(first) == MessagePack.DayOf(position);
}
