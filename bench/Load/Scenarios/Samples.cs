using System.Globalization;

namespace Capacitor.Load.Scenarios;

/// <summary>All that was measured in one run, of several things by turns, beside what is to be reached.</summary>
internal sealed class Samples(IReadOnlyList<string> names, IReadOnlyList<Goal> goals)
{
    private readonly Dictionary<(string Name, string What), List<double>> _values = [];

    /// <summary>Measures each, in an order that changes from repeat to repeat.</summary>
    public static async Task TakeAsync<T>(IReadOnlyList<T> things, int repeats, Func<T, Task> measure)
    {
        for (var repeat = 1; repeat <= repeats; repeat++)
        {
            Console.WriteLine($"--- {repeat} of {repeats}");
            foreach (var thing in repeat % 2 == 1 ? things : things.Reverse())
            {
                await measure(thing);
            }
        }
    }

    public void Add(string name, string what, double value)
    {
        if (!_values.TryGetValue((name, what), out var values))
        {
            _values[(name, what)] = values = [];
        }

        values.Add(value);
    }

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine($"| median | {string.Join(" | ", names)} | ratio | goal | reached |");
        Console.WriteLine($"|---{string.Concat(names.Select(_ => "|---"))}|---|---|---|");
        foreach (var goal in goals)
        {
            var ours = Value(goal.Of, goal);
            var ratio = goal.Against is { } other ? ours / Value(other, goal) : double.NaN;
            var values = string.Join(" | ", names.Select(name => Show(Value(name, goal))));
            Console.WriteLine($"| {goal.What} | {values} | {Show(ratio)} | {goal} | {goal.Judge(goal.Against is null ? ours : ratio)} |");
        }
    }

    private static string Show(double value) => double.IsFinite(value) ? value.ToString(value >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture) : "–";

    private double Value(string name, Goal goal)
    {
        var values = _values.GetValueOrDefault((name, goal.What), []).Order().ToList();
        return values.Count == 0 ? double.NaN : goal.Worst ? values[^1] : values[values.Count / 2];
    }
}
