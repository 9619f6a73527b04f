using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>Everything on one machine, the limit and Capacitor by turns in one run, and the ratios that are our goals. Each scenario has a server of its own.</summary>
internal static class All
{
    private const string FirstStorm = "seconds until 1000 are back, just started";
    private const string LaterStorms = "seconds until 1000 are back, later";

    private static readonly Goal[] s_goals =
    [
        new(Measures.Calls(100), Target.Capacitor.Name, Target.Limit.Name, AtLeast: 0.40),
        new(Measures.Cpu(100), Target.Capacitor.Name, Target.Limit.Name, AtMost: 3),
        new(Measures.Calls(1000), Target.Capacitor.Name, Target.Limit.Name, AtLeast: 0.40),
        new(Measures.Cpu(1000), Target.Capacitor.Name, Target.Limit.Name, AtMost: 3),
        new(Measures.Posts(100), Target.Capacitor.Name, Target.Limit.Name),
        new(Measures.Posts(1000), Target.Capacitor.Name, Target.Limit.Name),
        new(Measures.Middle, Target.Capacitor.Name, AtMost: 5),
        new(Measures.Tail, Target.Capacitor.Name, AtMost: 25),
        new(Measures.IdleKiB(5000), Target.Capacitor.Name, Target.Limit.Name, AtMost: 1.6),
        new(Measures.IdleMarginalKiB(5000), Target.Capacitor.Name, Target.Limit.Name),
        new(FirstStorm, Target.Capacitor.Name, AtMost: 1),
        new(LaterStorms, Target.Capacitor.Name, AtMost: 1),
        new(Measures.Lost, Target.Capacitor.Name, AtMost: 0) { Worst = true },
        new(Measures.Disordered, Target.Capacitor.Name, AtMost: 0) { Worst = true },
    ];

    public static async Task RunAsync(int repeats, TimeSpan warmup, TimeSpan window)
    {
        var measures = new Measures(new Samples([Target.Limit.Name, Target.Capacitor.Name], s_goals), warmup, window);
        await Samples.TakeAsync([Target.Limit, Target.Capacitor], repeats, async target =>
        {
            await measures.ClosedAsync(target, 100);
            await measures.ClosedAsync(target, 1000);
            await measures.OpenAsync(target);
            await measures.IdleAsync(target, 5000);
            await using var server = await Server.StartAsync(target);
            var storm = await Storm.RunAsync(server, chargers: 1000);
            Report.Print(target.Name, storm);
            measures.Samples.Add(target.Name, FirstStorm, storm.Rounds[0].TotalSeconds);
            measures.Samples.Add(target.Name, LaterStorms, storm.Later.TotalSeconds);
        });
        measures.Samples.Print();
    }
}
