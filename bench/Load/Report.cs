using Capacitor.Load.Scenarios;
using Capacitor.Load.Servers;

namespace Capacitor.Load;

/// <summary>One paragraph per scenario.</summary>
internal static class Report
{
    public static void Print(string target, int chargers, ClosedResult result)
    {
        Line(target, $"closed loop, {chargers} chargers: {result.CallsPerSecond:N0} calls/s, {result.PostsPerSecond:N0} POSTs/s, {result.Cpu.Total:0.0000} ms CPU per call{Parts(result.Cpu)} (the load's own {result.OwnCpuMillisecondsPerCall:0.0000})");
        Line("", $"answers {result.Answers}; {result.ResidentKiB / 1024} MiB resident; {result.Behind:N0} events behind at the end, drained in {result.Drain.TotalSeconds:0.00} s");
        if (result.LogBytesPerCall is { } log)
        {
            Line("", $"the database wrote {log:N0} bytes of log a call, and holds {result.DatabaseBytesPerEvent:N0} bytes an event");
        }

        Line("", $"{result.Verdict}; {Errors(result.Errors, result.FirstError)}");
    }

    public static void Print(string target, OpenResult result)
    {
        Line(target, $"open loop, {result.CallsPerSecond:0} calls/s: event to webhook {result.Verdict.Latency}; answers {result.Answers}");
        Line("", $"{result.Verdict}; {result.Skipped} turns skipped; {Errors(result.Errors, null)}");
    }

    public static void Print(string target, IdleResult result)
    {
        var heap = result.HeapKiBPerConnection is { } perConnection ? $"{perConnection:0.0} KiB on the managed heap, " : "";
        Line(target, $"{result.Chargers:N0} idle chargers: {result.KiBPerConnection:0.0} KiB each, {result.MarginalKiB:0.0} of the second half ({heap}{result.BeforeKiB / 1024} -> {result.HalfwayKiB / 1024} -> {result.AfterKiB / 1024} MiB resident)");
        if (result.SiloKiBPerCharger > 0)
        {
            Line("", $"of that {result.SiloKiBPerCharger:0.0} KiB each in the silos");
        }

        Line("", $"{result.IdleCpuPercent:0.0} % of a core while nothing is said; {(result.Quiet ? "quiet" : "NOT QUIET within a minute")}; {Errors(result.Errors, null)}");
    }

    public static void Print(string target, StormResult result) =>
        Line(target, $"reconnect storms: all back and booted in {string.Join(", ", result.Rounds.Select(round => $"{round.TotalSeconds:0.000} s"))}, {result.Retries:N0} attempts repeated");

    public static void Print(string target, PauseResult result)
    {
        foreach (var (silo, answers) in result.Kills)
        {
            Line(target, $"{silo} killed: answers {answers}");
        }

        Line("", $"{result.Verdict}; {result.Repeated:N0} repeated under their ids; {Errors(result.Errors, result.FirstError)}");
    }

    private static string Parts(CpuTimes cpu) => cpu.Silos + cpu.Database > 0 ? $" (fronts {cpu.Fronts:0.0000}, silos {cpu.Silos:0.0000}, database {cpu.Database:0.0000})" : "";

    private static string Errors(long errors, string? first) => errors == 0 ? "no errors" : $"{errors:N0} ERRORS, the first: {first ?? "not kept"}";

    public static void Line(string target, string text) => Console.WriteLine($"{target,-10} {text}");
}
