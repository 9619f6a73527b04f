using Capacitor.Chargers;
using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>Which events a caller wants. <paramref name="types"/>: null for all.</summary>
internal sealed class EventSelection(IReadOnlyList<string>? types, ChargeBoxId? charger)
{
    /// <summary>Names of events, each once; null: all.</summary>
    public IReadOnlyList<string>? Types => types;

    public ChargeBoxId? Charger => charger;

    /// <summary>True when all events of the tenant's own are wanted, whatever their names.</summary>
    public bool HasAnyCustom { get; } = types?.Contains(EventTypes.AnyCustom) == true;

    /// <summary>True when nothing is left out.</summary>
    public bool IsEverything => types is null && charger is null;

    /// <summary>Reads <c>?type=</c>, given once or often, each with one name or several, and <c>?chargeBoxId=</c>.</summary>
    public static EventSelection Of(HttpRequest request) => new(ReadTypes(request, "type", EventTypes.All), Query.Charger(request, "chargeBoxId"));

    public bool Matches(JournalEvent item) => (types is null || types.Contains(item.Type) || (HasAnyCustom && EventTypes.IsCustom(item.Type)))
        && (charger is null || item.ChargeBoxId.Value.Equals(charger.Value.Value, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Reads a parameter that names event types or groups of them; null: all of <paramref name="types"/>. Groups come as their members, but for
    /// <see cref="EventTypes.AnyCustom"/>. Throws <see cref="RefusedException"/> for a name of none.
    /// </summary>
    public static List<string>? ReadTypes(HttpRequest request, string parameter, IReadOnlyList<string> types)
    {
        var named = Query.List(request, parameter);
        if (named.Count == 0)
        {
            return null;
        }

        // Looked through to the end, so that a wrong name is refused beside a "*", too.
        var meant = named.SelectMany(name => EventTypes.Named(name, types) is { Count: > 0 } some ? some : throw WrongType(parameter, types)).Distinct().ToList();
        return named.Contains(EventTypes.Any) ? null : meant;
    }

    private static RefusedException WrongType(string parameter, IReadOnlyList<string> types) =>
        Query.Refuse(parameter, $"must name events: {string.Join(", ", types)}; names of your own that begin with {EventTypes.CustomPrefix}; a group of them, such as transaction.* or {EventTypes.AnyCustom}; or several, separated by commas");
}
