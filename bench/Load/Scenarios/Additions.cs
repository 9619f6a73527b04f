using System.Globalization;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>
/// What the message log, anomalies and limits cost of the main job: a closed loop with all of them, without the message log, and with the build of an earlier
/// checkout that had none of them, by turns. Only those of one round are compared with one another.
/// </summary>
internal static class Additions
{
    private const string All = "all on";
    private const string NoLog = "no message log";
    private const string Before = "before";
    private const double Least = 0.85;

    /// <param name="chargers">How many call.</param>
    /// <param name="earlier">The root of a checkout with a Release build; null: there is none.</param>
    /// <param name="repeats">How often each is measured.</param>
    /// <param name="warmup">Before each window.</param>
    /// <param name="window">What is measured at a time.</param>
    public static async Task RunAsync(int chargers, string? earlier, int repeats, TimeSpan warmup, TimeSpan window)
    {
        List<Build> builds = [new(All, Target.Capacitor), new(NoLog, Target.Capacitor, "false")];
        if (earlier is not null)
        {
            builds.Add(new(Before, Target.Capacitor with { Front = Path.Combine(Path.GetFullPath(earlier), Target.Capacitor.Front!) }));
        }

        Dictionary<string, List<ClosedResult>> results = builds.ToDictionary(build => build.Name, _ => new List<ClosedResult>());
        await Samples.TakeAsync(builds, repeats, async build =>
        {
            await using var server = await Server.StartAsync(build.Target, build.Settings);
            var result = await Closed.RunAsync(server, chargers, warmup, window);
            Report.Print(build.Name, chargers, result);
            results[build.Name].Add(result);
        });

        Console.WriteLine();
        Console.WriteLine($"| {chargers} chargers, median of {repeats} | {string.Join(" | ", results.Keys)} |");
        Console.WriteLine($"|---{string.Concat(results.Select(_ => "|---"))}|");
        Print(results, "calls/s", result => result.CallsPerSecond, "N0");
        Print(results, "CPU ms per call", result => result.Cpu.Total, "0.0000");
        foreach (var other in results.Keys.Where(name => name != All))
        {
            Compare(results[All], results[other], other);
        }
    }

    private static void Print(Dictionary<string, List<ClosedResult>> results, string what, Func<ClosedResult, double> value, string format) =>
        Console.WriteLine($"| {what} | {string.Join(" | ", results.Values.Select(of => Show(Median(of.Select(value)), format)))} |");

    private static void Compare(List<ClosedResult> all, List<ClosedResult> others, string other)
    {
        var calls = all.Zip(others, (one, before) => one.CallsPerSecond / before.CallsPerSecond).ToList();
        var cpu = all.Zip(others, (one, before) => one.Cpu.Total / before.Cpu.Total).ToList();
        Console.WriteLine(
            $"{All} beside {other}: calls/s {Show(Median(calls))} ({string.Join(", ", calls.Select(ratio => Show(ratio)))}; goal ≥ {Show(Least)}: {(Median(calls) >= Least ? "yes" : "NO")}); "
            + $"CPU per call {Show(Median(cpu))} ({string.Join(", ", cpu.Select(ratio => Show(ratio)))})");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Show(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Build(string Name, Target Target, string? LogsMessages = null)
    {
        public Dictionary<string, string>? Settings => LogsMessages is null ? null : new() { ["Capacitor__MessageLog__Enabled"] = LogsMessages };
    }
}
