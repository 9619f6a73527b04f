using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>Which events a caller wants. <paramref name="types"/>: null for all.</summary>
internal sealed class EventSelection(IReadOnlyList<string>? types, ChargeBoxId? charger)
{
    private const string Group = ".*";

    /// <summary>Names of events, each once; null: all.</summary>
    public IReadOnlyList<string>? Types => types;

    public ChargeBoxId? Charger => charger;

    /// <summary>True when nothing is left out.</summary>
    public bool IsEverything => types is null && charger is null;

    /// <summary>Reads <c>?type=</c>, given once or often, each with one name or several, and <c>?chargeBoxId=</c>.</summary>
    public static EventSelection Of(HttpRequest request) => new(ReadTypes(request), Query.Charger(request, "chargeBoxId"));

    public bool Matches(JournalEvent item) => (types is null || types.Contains(item.Type))
        && (charger is null || item.ChargeBoxId.Value.Equals(charger.Value.Value, StringComparison.OrdinalIgnoreCase));

    private static List<string>? ReadTypes(HttpRequest request)
    {
        var named = Query.List(request, "type");
        if (named.Count == 0)
        {
            return null;
        }

        var meant = named.SelectMany(Expand).Distinct().ToList(); // looked through to the end, so that a wrong name is refused beside a "*", too
        return named.Contains(EventTypes.Any) ? null : meant;
    }

    private static IEnumerable<string> Expand(string name)
    {
        var meant = name == EventTypes.Any ? EventTypes.All
            : name.EndsWith(Group, StringComparison.Ordinal) ? [.. EventTypes.All.Where(type => type.StartsWith(name[..^1], StringComparison.Ordinal))]
            : EventTypes.All.Contains(name) ? (IReadOnlyList<string>)[name] : [];
        return meant.Count > 0 ? meant
            : throw Query.Refuse("type", $"must name events: {string.Join(", ", EventTypes.All)}; a group of them, such as transaction.*; or several, separated by commas");
    }
}
