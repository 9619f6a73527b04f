using System.Globalization;

namespace Capacitor.Api.Transactions;

/// <summary>
/// How far a reader of meter values is: the event up to which everything was read, and how many values of the next one were. A text that only we read:
/// <c>mv-41-2</c>.
/// </summary>
internal readonly record struct MeterValueCursor(long After, int Skip)
{
    private const string Parameter = "cursor";
    private const string Prefix = "mv";

    public static MeterValueCursor Of(HttpRequest request) => Query.Text(request, Parameter) switch
    {
        null => default,
        { } text when TryParse(text, out var cursor) => cursor,
        _ => throw Query.Refuse(Parameter, "must be the nextCursor of an earlier answer"),
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{After}-{Skip}");

    private static bool TryParse(string text, out MeterValueCursor cursor)
    {
        cursor = default;
        if (text.Split('-') is not [Prefix, var position, var count]
            || !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var skip))
        {
            return false;
        }

        cursor = new(after, skip);
        return true;
    }
}
