using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>What a cluster costs beside one process, and both beside the limit, by turns in one run; what chargers see of a killed silo.</summary>
internal static class ClusterGoals
{
    // A process may have 20,000 descriptors on many machines, and needs some for itself.
    private const int Idle = 19_500;
    private const string Paused = "longest answer after a silo was killed, s";

    private static readonly Goal[] s_goals =
    [
        new(Measures.Calls(100), Target.Postgres.Name, Target.Limit.Name, AtLeast: 0.25),
        new(Measures.Calls(1000), Target.Postgres.Name, Target.Limit.Name, AtLeast: 0.25),
        new(Measures.Cpu(100), Target.Cluster.Name, Target.Postgres.Name, AtMost: 2),
        new(Measures.Cpu(1000), Target.Cluster.Name, Target.Postgres.Name, AtMost: 2),
        new(Measures.Middle, Target.Cluster.Name, AtMost: 15),
        new(Measures.Tail, Target.Cluster.Name, AtMost: 60),
        new(Paused, Target.Cluster.Name, AtMost: 5) { Worst = true },
        new(Measures.IdleKiB(Idle), Target.Postgres.Name, Target.Limit.Name, AtMost: 1.6),
        new(Measures.IdleMarginalKiB(Idle), Target.Postgres.Name, Target.Limit.Name),
        new(Measures.Lost, Target.Postgres.Name, AtMost: 0) { Worst = true },
        new(Measures.Lost, Target.Cluster.Name, AtMost: 0) { Worst = true },
        new(Measures.Disordered, Target.Cluster.Name, AtMost: 0) { Worst = true },
    ];

    public static async Task RunAsync(int repeats, TimeSpan warmup, TimeSpan window)
    {
        var measures = new Measures(new Samples([Target.Limit.Name, Target.Postgres.Name, Target.Cluster.Name], s_goals), warmup, window);
        await Samples.TakeAsync([Target.Limit, Target.Postgres, Target.Cluster], repeats, async target =>
        {
            await measures.ClosedAsync(target, 100);
            await measures.ClosedAsync(target, 1000);
            await measures.OpenAsync(target);
            if (target == Target.Cluster)
            {
                await PauseAsync(measures.Samples, measures.WarmupOf(target));
            }
            else
            {
                await measures.IdleAsync(target, Idle);
            }
        });
        measures.Samples.Print();
    }

    private static async Task PauseAsync(Samples samples, TimeSpan warmup)
    {
        await using var server = await Server.StartAsync(Target.Cluster);
        var result = await Pause.RunAsync(server, chargers: 200, rate: 200, warmup);
        Report.Print(Target.Cluster.Name, result);
        samples.Add(Target.Cluster.Name, Paused, result.LongestSeconds);
        samples.Add(Target.Cluster.Name, Measures.Lost, result.Verdict.Lost + result.Verdict.Doubled + result.Verdict.Wrong + result.Errors);
        samples.Add(Target.Cluster.Name, Measures.Disordered, result.Verdict.OutOfOrder);
    }
}
