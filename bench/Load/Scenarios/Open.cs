using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>What an open loop showed.</summary>
/// <param name="CallsPerSecond">What was really sent.</param>
/// <param name="Answers">From sending a call to its answer.</param>
/// <param name="Verdict">What became of the events, and how long each took from the frame to the POST.</param>
/// <param name="Skipped">Turns at which every charger waited for an answer.</param>
/// <param name="Errors">Refusals and broken connections.</param>
internal sealed record OpenResult(double CallsPerSecond, Histogram Answers, Verdict Verdict, long Skipped, long Errors);

/// <summary>Calls come at their own rate, however the server does: how long does an event take to its webhook?</summary>
internal static class Open
{
    public static async Task<OpenResult> RunAsync(Server server, int chargers, int rate, TimeSpan warmup, TimeSpan window)
    {
        var pace = new OwnRate(chargers);
        using var fleet = await ChargerFleet.RegisterAsync(server, chargers, pace);
        await pace.WarmUpAsync(fleet, warmup);
        return await pace.WatchAsync(fleet, rate, window);
    }
}
