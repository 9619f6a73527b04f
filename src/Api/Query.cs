using System.Globalization;
using Capacitor.Chargers;

namespace Capacitor.Api;

/// <summary>Reads query parameters and refuses them in words; an empty one counts as absent.</summary>
internal static class Query
{
    public static string? Text(HttpRequest request, string name)
    {
        var values = request.Query[name];
        return values.Count switch
        {
            0 => null,
            1 => string.IsNullOrEmpty(values[0]) ? null : values[0],
            _ => throw Refuse(name, "can be given once only"),
        };
    }

    /// <summary>All values of a parameter that may be given often, and hold several with commas between them.</summary>
    public static IReadOnlyList<string> List(HttpRequest request, string name) =>
        [.. request.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    public static string? OneOf(HttpRequest request, string name, params IReadOnlyList<string> words)
    {
        var text = Text(request, name);
        return text is null || words.Contains(text) ? text : throw Refuse(name, $"must be one of {string.Join(", ", words)}");
    }

    public static long Number(HttpRequest request, string name, long fallback, long min, long max)
    {
        if (Text(request, name) is not { } text)
        {
            return fallback;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Refuse(name, max == long.MaxValue ? $"must be a whole number from {min} up" : $"must be a whole number from {min} to {max}");
    }

    public static ChargeBoxId? Charger(HttpRequest request, string name) =>
        Text(request, name) is not { } text ? null : ChargeBoxId.TryParse(text, out var id) ? id : throw Refuse(name, "cannot be the id of a charger");

    /// <summary>A point in time as ISO 8601 spells it; without an offset it is UTC.</summary>
    public static DateTimeOffset? Time(HttpRequest request, string name) =>
        Text(request, name) is not { } text ? null : Instant.TryParse(text, out var time) ? time : throw Refuse(name, $"must be {Instant.Allowed}");

    /// <summary>The time between <c>from</c> and <c>to</c>, either of which may be absent.</summary>
    public static (DateTimeOffset? From, DateTimeOffset? To) Span(HttpRequest request)
    {
        var (from, to) = (Time(request, "from"), Time(request, "to"));
        return from > to
            ? throw new RefusedException(RefusalKind.Invalid, "The time that is asked for would end before it begins: 'from' must not be later than 'to'.", "to")
            : (from, to);
    }

    public static RefusedException Refuse(string name, string problem) => new(RefusalKind.Invalid, $"The query parameter '{name}' {problem}.", name);
}
