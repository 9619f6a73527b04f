namespace Capacitor.Storage;

/// <summary>
/// What a query asks for: only those conditions that are set, so that each combination is a statement with a plan of its own. <paramref name="mark"/> is
/// what the database writes before a parameter's number.
/// </summary>
internal sealed class Conditions(char mark)
{
    private readonly List<string> _conditions = [];
    private readonly List<object> _values = [];

    /// <summary>The parameters, from the first.</summary>
    public IReadOnlyList<object> Values => _values;

    /// <summary>A condition without a parameter; null: none.</summary>
    public Conditions And(string? condition)
    {
        if (condition is not null)
        {
            _conditions.Add(condition);
        }
        return this;
    }

    /// <summary>A condition with one parameter, written as <c>?</c>; left out when the value is null.</summary>
    public Conditions And(string condition, object? value)
    {
        if (value is not null)
        {
            _values.Add(value);
            _conditions.Add(condition.Replace("?", $"{mark}{_values.Count}", StringComparison.Ordinal));
        }
        return this;
    }

    /// <summary>As it stands after WHERE.</summary>
    public override string ToString() => string.Join(" AND ", _conditions);
}
