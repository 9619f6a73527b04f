using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>docs/operations.md tells of everything there is, and of nothing there is not.</summary>
public partial class OperationsPageTests
{
    [Fact]
    public void ConfigurationKeys_OfThePage_AreThoseOfTheProgram()
    {
        Assert.Empty(ProgramSettings.Unread());
        Same(ProgramSettings.Keys(), OperationsPage.Keys());
    }

    [Fact]
    public void Metrics_OfThePage_AreThoseOfTheProgram()
    {
        SortedSet<string> names = new(Repository.Sources().SelectMany(source => Instrument().Matches(source)).Select(Exported), StringComparer.Ordinal);
        Assert.NotEmpty(names);
        Same(names, OperationsPage.Metrics());
    }

    [Fact]
    public void LogEvents_ThatMeanTrouble_AreThoseOfThePage()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var events = Directory.GetFiles(AppContext.BaseDirectory, "Capacitor.*.dll").Select(Path.GetFileNameWithoutExtension)
            .Where(name => !name!.Contains("Test", StringComparison.Ordinal)).Select(name => Assembly.Load(name!))
            .SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(All))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().ToList();
        Assert.NotEmpty(events);
        Assert.Empty(events.GroupBy(log => log.EventId).Where(same => same.Count() > 1).Select(same => $"{same.Key} means {same.Count()} things"));

        // One that does not say its level is given it when it happens.
        Same(events.Where(log => log.Level >= LogLevel.Warning).Select(log => log.EventId), OperationsPage.LogEvents());
    }

    private static void Same<T>(IEnumerable<T> program, IReadOnlySet<T> page)
    {
        var lacking = string.Join(", ", program.Where(name => !page.Contains(name)));
        var stale = string.Join(", ", page.Except(program));
        Assert.True(lacking is "" && stale is "", $"docs/operations.md lacks: {lacking}. It lists what there is not: {stale}.");
    }

    private static string Exported(Match instrument)
    {
        var unit = instrument.Groups["unit"].Value switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
        var total = instrument.Groups["kind"].Value is "Counter" or "ObservableCounter" ? "_total" : "";
        return instrument.Groups["name"].Value.Replace('.', '_') + unit + total;
    }

    // The text after the name is the unit, or a description, which no unit is like.
    [GeneratedRegex("""\.Create(?<kind>\w+?)(<\w+>)?\(\s*"(?<name>capacitor\.[a-z_.]+)"([^";]*?"(?<unit>[^"]*)")?""")]
    private static partial Regex Instrument();
}
