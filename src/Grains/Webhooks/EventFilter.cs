using System.Collections.Frozen;
using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>Which events a webhook gets; made once per change of its registration.</summary>
internal sealed class EventFilter
{
    private readonly FrozenSet<string>? _types;

    /// <summary>From the names of a registration.</summary>
    public EventFilter(IReadOnlyList<string> events, IReadOnlyList<string>? chargeBoxIds = null)
    {
        if (!events.Contains(EventTypes.Any))
        {
            _types = events.ToFrozenSet(StringComparer.Ordinal);
            OnlyType = _types.Count == 1 ? events[0] : null;
        }
    }

    /// <summary>The type when there is just one: the journal can then leave out the others.</summary>
    public string? OnlyType { get; }

    /// <summary>True when the webhook gets events of this type.</summary>
    public bool Matches(string type) => _types is null || _types.Contains(type);

    /// <summary>True when the webhook gets the event.</summary>
    public bool Matches(JournalEvent item) => Matches(item.Type);

    /// <summary>Adds those of <paramref name="events"/> after <paramref name="after"/> that match.</summary>
    public void Collect(IReadOnlyList<JournalEvent> events, long after, List<JournalEvent> into)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var item = events[i];
            if (item.Position > after && Matches(item.Type))
            {
                into.Add(item);
            }
        }
    }
}
