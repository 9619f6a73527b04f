using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>Scenarios as they are measured for a table of goals: each on a server of its own, told as it ends, and entered under its name.</summary>
internal sealed class Measures(Samples samples, TimeSpan warmup, TimeSpan window)
{
    public const string Lost = "events lost, doubled or wrong, errors";
    public const string Disordered = "events out of order";
    public const string Middle = "event to webhook p50 ms";
    public const string Tail = "event to webhook p99 ms";

    public Samples Samples => samples;

    public static string Calls(int chargers) => $"calls/s, {chargers} chargers";

    public static string Posts(int chargers) => $"POSTs/s, {chargers} chargers";

    public static string Cpu(int chargers) => $"CPU ms per call, {chargers} chargers";

    public static string IdleKiB(int chargers) => $"KiB per idle connection, {chargers:N0}";

    public static string IdleMarginalKiB(int chargers) => $"KiB per idle connection, second half of {chargers:N0}";

    /// <summary>Many processes on the same cores take longer to compile what they run: each has a part of the calls, and all compile at once.</summary>
    public TimeSpan WarmupOf(Target target) => warmup * (target.Silos > 0 ? 4 : target.OnPostgres ? 2 : 1);

    public async Task ClosedAsync(Target target, int chargers)
    {
        await using var server = await Server.StartAsync(target);
        var result = await Closed.RunAsync(server, chargers, WarmupOf(target), window);
        Report.Print(target.Name, chargers, result);
        samples.Add(target.Name, Calls(chargers), result.CallsPerSecond);
        samples.Add(target.Name, Posts(chargers), result.PostsPerSecond);
        samples.Add(target.Name, Cpu(chargers), result.Cpu.Total);
        samples.Add(target.Name, Lost, result.Verdict.Lost + result.Verdict.Doubled + result.Verdict.Wrong + result.Errors);
        samples.Add(target.Name, Disordered, result.Verdict.OutOfOrder);
    }

    public async Task OpenAsync(Target target)
    {
        await using var server = await Server.StartAsync(target);
        var result = await Open.RunAsync(server, chargers: 200, rate: 200, WarmupOf(target), window);
        Report.Print(target.Name, result);
        samples.Add(target.Name, Middle, result.Verdict.Latency.Percentile(0.5));
        samples.Add(target.Name, Tail, result.Verdict.Latency.Percentile(0.99));
    }

    public async Task IdleAsync(Target target, int chargers)
    {
        await using var server = await Server.StartAsync(target);
        var result = await Idle.RunAsync(server, chargers);
        Report.Print(target.Name, result);
        samples.Add(target.Name, IdleKiB(chargers), result.KiBPerConnection);
        samples.Add(target.Name, IdleMarginalKiB(chargers), result.MarginalKiB);
    }
}
