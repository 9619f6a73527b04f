using System.Collections.Frozen;
using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Grains.Webhooks;

/// <summary>Which events a webhook gets; made once per change of its registration.</summary>
internal sealed class EventFilter
{
    private readonly FrozenSet<string>? _types;
    private readonly string[] _prefixes = [];
    private readonly FrozenSet<string>? _chargers;

    /// <summary>From the names and chargers of a registration; no <paramref name="chargeBoxIds"/>: all.</summary>
    public EventFilter(IReadOnlyList<string> events, IReadOnlyList<string>? chargeBoxIds = null)
    {
        if (!events.Contains(EventTypes.Any))
        {
            // Known types are looked up; a prefix is compared only for types that this version does not know.
            _prefixes = [.. events.Where(IsPrefix).Select(name => name[..^1])];
            _types = EventTypes.All.Where(StartsAsWanted).Concat(events.Where(name => !IsPrefix(name))).ToFrozenSet(StringComparer.Ordinal);
            OnlyType = events is [var only] && !IsPrefix(only) ? only : null;
        }

        _chargers = chargeBoxIds?.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The type when there is just one: the journal can then leave out the others.</summary>
    public string? OnlyType { get; }

    /// <summary>True for <c>transaction.*</c>, which stands for all types that begin so.</summary>
    public static bool IsPrefix(string name) => name.EndsWith(".*", StringComparison.Ordinal);

    /// <summary>True when the webhook gets events of this type, of some charger.</summary>
    public bool Matches(string type) => _types is null || _types.Contains(type) || (_prefixes.Length > 0 && StartsAsWanted(type));

    /// <summary>True when the webhook gets this event.</summary>
    public bool Matches(string type, ChargeBoxId charger) => Matches(type) && (_chargers is null || _chargers.Contains(charger.Value));

    /// <summary>True when the webhook gets the event.</summary>
    public bool Matches(JournalEvent item) => Matches(item.Type, item.ChargeBoxId);

    /// <summary>Adds those of <paramref name="events"/> after <paramref name="after"/> that match.</summary>
    public void Collect(IReadOnlyList<JournalEvent> events, long after, List<JournalEvent> into)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var item = events[i];
            if (item.Position > after && Matches(item.Type, item.ChargeBoxId))
            {
                into.Add(item);
            }
        }
    }

    private bool StartsAsWanted(string type)
    {
        foreach (var prefix in _prefixes)
        {
            if (type.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
