using Capacitor.Messages;

namespace Capacitor.Storage.Messages;

/// <summary>
/// Gathers a page from a charger's packs, which are shown to it by their last position, highest first. They may overlap: what is found is certain only when
/// every pack that could hold something newer was seen.
/// </summary>
internal sealed class MessageSearch
{
    private readonly MessageFilter _filter;
    private readonly int _limit;
    private readonly List<LoggedMessage> _found = [];
    private int _lookedAt;

    public MessageSearch(MessageFilter filter, long before, int limit)
    {
        (_filter, _limit) = (filter, limit);
        From = filter.From is { } from ? MessagePosition.From(from) : 0;
        Before = filter.To is { } to ? Math.Min(before, MessagePosition.From(to)) : before;
    }

    /// <summary>Nothing before this is asked for.</summary>
    public long From { get; }

    /// <summary>Nothing from here on is asked for.</summary>
    public long Before { get; }

    /// <summary>Packs that end from here on begin too late, too.</summary>
    public long LastBefore => Before > MessagePosition.End - MessagePack.LongestSpan ? MessagePosition.End : Before + MessagePack.LongestSpan;

    /// <summary>The page, when no pack that ends at <paramref name="last"/> or earlier can change it; else null.</summary>
    public MessagePage? Finish(long last)
    {
        if (_found.Count > _limit)
        {
            Sort();
            if (_found[_limit].Position > last)
            {
                return Page(null);
            }
        }
        return _lookedAt >= IMessageLog.MostLookedAt ? Page(last + 1) : null;
    }

    /// <summary>The page, when there are no more packs.</summary>
    public MessagePage Finish()
    {
        Sort();
        return Page(null);
    }

    public void Add(long first, byte[] pack)
    {
        foreach (var message in MessageCodec.Read(first, pack))
        {
            _lookedAt++;
            if (message.Position >= From && message.Position < Before
                && (_filter.Direction is not { } direction || direction == message.Direction)
                && (_filter.Action is not { } action || action == message.Action))
            {
                _found.Add(message);
            }
        }
    }

    private MessagePage Page(long? stoppedAt)
    {
        if (stoppedAt is { } end)
        {
            Sort();
            _found.RemoveAll(message => message.Position < end);
        }
        return _found.Count > _limit ? new(_found.Take(_limit).ToArray(), _found[_limit - 1].Position) : new(_found.ToArray(), stoppedAt);
    }

    private void Sort() => _found.Sort((one, other) => other.Position.CompareTo(one.Position));
}
