using System.Buffers;
using System.Runtime.InteropServices;
using Capacitor.Messages;

namespace Capacitor.Storage.Messages;

/// <summary>Sorts frames by charger and packs them. Its packs are good until it is disposed.</summary>
internal sealed class MessagePacker : IDisposable
{
    private readonly IReadOnlyList<MessageBlock> _blocks;
    private readonly byte[] _data;

    public MessagePacker(IReadOnlyList<MessageBlock> blocks, IReadOnlyDictionary<string, int> keptDays)
    {
        _blocks = blocks;
        _data = ArrayPool<byte>.Shared.Rent(blocks.Sum(block => MessageCodec.LongestOf(block)));
        Packs = Pack(keptDays);
    }

    /// <summary>In the order of their chargers, so that a tree of rows is walked from one end to the other.</summary>
    public IReadOnlyList<MessagePack> Packs { get; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_data);

    private List<MessagePack> Pack(IReadOnlyDictionary<string, int> keptDays)
    {
        List<MessagePack> packs = [];
        var end = 0;
        foreach (var (charger, places) in ByCharger().OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var days = keptDays[EntryAt(places[0]).Tenant];
            places.Sort((one, other) => EntryAt(one).Position.CompareTo(EntryAt(other).Position));
            for (var next = 0; next < places.Count;)
            {
                var start = end;
                var first = EntryAt(places[next]).Position;
                var last = first;
                end = MessageCodec.Begin(_data, end);
                do
                {
                    ref readonly var entry = ref EntryAt(places[next]);
                    end = MessageCodec.Write(_data, end, entry, entry.Position - last, _blocks[places[next].Block].Texts.Span);
                    last = entry.Position;
                    next++;
                }
                while (next < places.Count && end - start < MessagePack.LargeData && IsTogether(first, EntryAt(places[next]).Position));
                packs.Add(new(charger, first, last, days, _data.AsMemory(start, end - start)));
            }
        }
        return packs;
    }

    private Dictionary<string, List<(int Block, int Entry)>> ByCharger()
    {
        Dictionary<string, List<(int Block, int Entry)>> groups = new(StringComparer.Ordinal);
        for (var block = 0; block < _blocks.Count; block++)
        {
            var entries = _blocks[block].Entries.Span;
            for (var entry = 0; entry < entries.Length; entry++)
            {
                ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, entries[entry].Charger, out _);
                (places ??= []).Add((block, entry));
            }
        }
        return groups;
    }

    private ref readonly MessageEntry EntryAt((int Block, int Entry) place) => ref _blocks[place.Block].Entries.Span[place.Entry];

    private static bool IsTogether(long first, long position) =>
        position - first < MessagePack.LongestSpan && MessagePack.DayOf(first) == MessagePack.DayOf(position);
}
