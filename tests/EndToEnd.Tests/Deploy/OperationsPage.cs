using System.Text.RegularExpressions;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>What docs/operations.md lists in the first columns of its tables.</summary>
internal static partial class OperationsPage
{
    /// <summary>Configuration keys; <c>{A,B}</c> in one stands for several.</summary>
    public static SortedSet<string> Keys() => new(Cells().SelectMany(cell => Quoted().Matches(cell)).Select(quoted => quoted.Groups["text"].Value)
        .Where(text => text.StartsWith("Capacitor:", StringComparison.Ordinal) || text.StartsWith("ConnectionStrings:", StringComparison.Ordinal))
        .SelectMany(Expand), StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of metrics.</summary>
    public static SortedSet<string> Metrics() => new(Cells().SelectMany(cell => Quoted().Matches(cell)).Select(quoted => quoted.Groups["text"].Value)
        .Where(text => text.StartsWith("capacitor_", StringComparison.Ordinal)), StringComparer.Ordinal);

    /// <summary>Ids of log events.</summary>
    public static SortedSet<int> LogEvents() => [.. Cells().Where(cell => Ids().IsMatch(cell)).SelectMany(cell => cell.Split(',')).Select(id => int.Parse(id.Trim(), null))];

    private static IEnumerable<string> Cells() => Repository.Read("docs/operations.md").Split('\n')
        .Where(line => line.StartsWith('|')).Select(line => line.Split('|')[1].Trim());

    private static IEnumerable<string> Expand(string key) => Braces().Match(key) is { Success: true } braces
        ? braces.Groups["names"].Value.Split(',').Select(name => key.Replace(braces.Value, name, StringComparison.Ordinal))
        : [key];

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\d{4}(, \d{4})*$")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\{(?<names>[A-Za-z,]+)\}")]
    private static partial Regex Braces();
}
