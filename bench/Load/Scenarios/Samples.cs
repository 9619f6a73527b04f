using System.Globalization;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>All that was measured in one run, of several targets by turns, beside what is to be reached.</summary>
internal sealed class Samples(IReadOnlyList<Target> targets, IReadOnlyList<Goal> goals)
{
    private readonly Dictionary<(string Target, string What), List<double>> _values = [];

    /// <summary>Measures each target, in an order that changes from repeat to repeat.</summary>
    public async Task TakeAsync(int repeats, Func<Target, Task> measure)
    {
        for (var repeat = 1; repeat <= repeats; repeat++)
        {
            Console.WriteLine($"--- {repeat} of {repeats}");
            foreach (var target in repeat % 2 == 1 ? targets : targets.Reverse())
            {
                await measure(target);
            }
        }
    }

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
        Console.WriteLine($"| median | {string.Join(" | ", targets.Select(target => target.Name))} | ratio | goal | reached |");
        Console.WriteLine($"|---{string.Concat(targets.Select(_ => "|---"))}|---|---|---|");
        foreach (var goal in goals)
        {
            var ours = Value(goal.Of, goal);
            var ratio = goal.Against is { } other ? ours / Value(other, goal) : double.NaN;
            var values = string.Join(" | ", targets.Select(target => Show(Value(target, goal))));
            Console.WriteLine($"| {goal.What} | {values} | {Show(ratio)} | {goal} | {goal.Judge(goal.Against is null ? ours : ratio)} |");
        }
    }

    private static string Show(double value) => double.IsFinite(value) ? value.ToString(value >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture) : "–";

    private double Value(Target target, Goal goal)
    {
        var values = _values.GetValueOrDefault((target.Name, goal.What), []).Order().ToList();
        return values.Count == 0 ? double.NaN : goal.Worst ? values[^1] : values[values.Count / 2];
    }
}
