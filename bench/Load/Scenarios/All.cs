using System.Globalization;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>Everything, the limit and Capacitor by turns in one run, and the ratios that are our goals. Each scenario has a server of its own.</summary>
internal static class All
{
    private const string Lost = "events lost, doubled or wrong";
    private const string FirstStorm = "seconds until 1000 are back, just started";
    private const string LaterStorms = "seconds until 1000 are back, later";
    private const string Disordered = "events out of order";

    public static async Task RunAsync(int repeats, TimeSpan warmup, TimeSpan window)
    {
        var samples = new Samples();
        for (var repeat = 1; repeat <= repeats; repeat++)
        {
            Console.WriteLine($"--- {repeat} of {repeats}");
            foreach (var target in repeat % 2 == 1 ? new[] { Target.Limit, Target.Capacitor } : [Target.Capacitor, Target.Limit])
            {
                await MeasureAsync(target, warmup, window, samples);
            }
        }

        samples.Print();
    }

    private static async Task MeasureAsync(Target target, TimeSpan warmup, TimeSpan window, Samples samples)
    {
        foreach (var chargers in new[] { 100, 1000 })
        {
            await OnFreshAsync(target, async server =>
            {
                var result = await Closed.RunAsync(server, chargers, warmup, window);
                Report.Print(target.Name, chargers, result);
                samples.Add(target, $"calls/s, {chargers} chargers", result.CallsPerSecond);
                samples.Add(target, $"POSTs/s, {chargers} chargers", result.PostsPerSecond);
                samples.Add(target, $"CPU ms per call, {chargers} chargers", result.CpuMillisecondsPerCall);
                samples.Add(target, Lost, result.Verdict.Lost + result.Verdict.Doubled + result.Verdict.Wrong + result.Errors);
                samples.Add(target, Disordered, result.Verdict.OutOfOrder);
            });
        }

        await OnFreshAsync(target, async server =>
        {
            var result = await Open.RunAsync(server, chargers: 200, rate: 200, warmup, window);
            Report.Print(target.Name, result);
            samples.Add(target, "event to webhook p50 ms", result.Verdict.Latency.Percentile(0.5));
            samples.Add(target, "event to webhook p99 ms", result.Verdict.Latency.Percentile(0.99));
        });
        await OnFreshAsync(target, async server =>
        {
            var result = await Idle.RunAsync(server, chargers: 5000);
            Report.Print(target.Name, result);
            samples.Add(target, "KiB per idle connection", result.KiBPerConnection);
            samples.Add(target, "KiB per idle connection, second half", result.MarginalKiB);
        });
        await OnFreshAsync(target, async server =>
        {
            var result = await Storm.RunAsync(server, chargers: 1000);
            Report.Print(target.Name, result);
            samples.Add(target, FirstStorm, result.Rounds[0].TotalSeconds);
            samples.Add(target, LaterStorms, result.Later.TotalSeconds);
        });
    }

    private static async Task OnFreshAsync(Target target, Func<Server, Task> scenario)
    {
        await using var server = await Server.StartAsync(target);
        await scenario(server);
    }

    /// <summary>All that was measured, and what is to be reached.</summary>
    private sealed class Samples
    {
        private static readonly Goal[] s_goals =
        [
            new("calls/s, 100 chargers", AtLeast: 0.40, OfLimit: true),
            new("CPU ms per call, 100 chargers", AtMost: 3, OfLimit: true),
            new("calls/s, 1000 chargers", AtLeast: 0.40, OfLimit: true),
            new("CPU ms per call, 1000 chargers", AtMost: 3, OfLimit: true),
            new("POSTs/s, 100 chargers"),
            new("POSTs/s, 1000 chargers"),
            new("event to webhook p50 ms", AtMost: 5),
            new("event to webhook p99 ms", AtMost: 25),
            new("KiB per idle connection", AtMost: 1.6, OfLimit: true),
            new("KiB per idle connection, second half"),
            new(FirstStorm, AtMost: 1),
            new(LaterStorms, AtMost: 1),
            new(Lost, AtMost: 0, Worst: true),
            new(Disordered, AtMost: 0, Worst: true),
        ];

        private readonly Dictionary<(string Target, string What), List<double>> _values = [];

        public void Add(Target target, string what, double value)
        {
            if (!_values.TryGetValue((target.Name, what), out var values))
            {
                _values[(target.Name, what)] = values = [];
            }

            values.Add(value);
        }

        public void Print()
        {
            Console.WriteLine();
            Console.WriteLine("| median | limit | capacitor | ratio | goal | reached |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (var goal in s_goals)
            {
                var (limit, ours) = (Value(Target.Limit, goal), Value(Target.Capacitor, goal));
                var ratio = limit == 0 ? double.NaN : ours / limit;
                Console.WriteLine($"| {goal.What} | {Show(limit)} | {Show(ours)} | {Show(ratio)} | {goal} | {goal.Judge(goal.OfLimit ? ratio : ours)} |");
            }
        }

        // A fault is a fault however rare: there the worst run counts, not the one in the middle.
        private double Value(Target target, Goal goal)
        {
            var values = _values[(target.Name, goal.What)].Order().ToList();
            return goal.Worst ? values[^1] : values[values.Count / 2];
        }

        private static string Show(double value) => double.IsNaN(value) ? "–" : value.ToString(value >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture);
    }

    private sealed record Goal(string What, double? AtLeast = null, double? AtMost = null, bool OfLimit = false, bool Worst = false)
    {
        public override string ToString() => (AtLeast, AtMost) switch
        {
            ({ } least, _) => $"≥ {least}{(OfLimit ? " × limit" : "")}",
            (_, { } most) => $"≤ {most}{(OfLimit ? " × limit" : "")}",
            _ => "",
        };

        public string Judge(double value) => (AtLeast, AtMost) switch
        {
            ({ } least, _) => value >= least ? "yes" : "NO",
            (_, { } most) => value <= most ? "yes" : "NO",
            _ => "",
        };
    }
}
