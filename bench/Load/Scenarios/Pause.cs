using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>What chargers saw while silos were killed.</summary>
internal sealed record PauseResult
{
    /// <summary>For each silo, the times to an answer from its death on.</summary>
    public required IReadOnlyList<(string Silo, Histogram Answers)> Kills { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Events that came again, under the ids that they had.</summary>
    public required long Repeated { get; init; }

    /// <summary>CALLERRORs and broken connections.</summary>
    public required long Errors { get; init; }

    public required string? FirstError { get; init; }

    public double LongestSeconds => Kills.Max(kill => kill.Answers.Max) / 1000;
}

/// <summary>Chargers call at a rate of their own while one silo after the other is killed and started again: how long does the longest answer take?</summary>
internal static class Pause
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(12); // longer than any answer should take
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    public static async Task<PauseResult> RunAsync(Server server, int chargers, int rate, TimeSpan warmup)
    {
        var pace = new OwnRate(chargers);
        using var fleet = await ChargerFleet.RegisterAsync(server, chargers, pace, forgiveRepeats: true);
        await pace.WarmUpAsync(fleet, warmup);
        using var stop = new CancellationTokenSource();
        var sending = pace.SendAsync(rate, stop.Token);
        var kills = new List<(string, Histogram)>();
        foreach (var silo in server.Silos)
        {
            kills.Add((silo.Name, fleet.Tally.Latency = new Histogram()));
            await silo.KillAsync();
            await Task.Delay(Watched);
            silo.Start();
            await silo.WaitUntilReadyAsync();
            await Task.Delay(Between);
        }

        await stop.CancelAsync();
        await sending;
        await fleet.DrainAsync(TimeSpan.FromSeconds(30));
        return new PauseResult
        {
            Kills = kills,
            Verdict = fleet.Verify(),
            Repeated = fleet.Repeated,
            Errors = fleet.Tally.Errors,
            FirstError = fleet.Tally.FirstError,
        };
    }
}
