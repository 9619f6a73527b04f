using System.Diagnostics;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>What reconnect storms showed.</summary>
/// <param name="Rounds">For each storm, from the cut to the last charger's boot. The first meets a server that has just started.</param>
/// <param name="Retries">Attempts that were refused and tried again.</param>
internal sealed record StormResult(IReadOnlyList<TimeSpan> Rounds, long Retries)
{
    /// <summary>The one in the middle of those after the first.</summary>
    public TimeSpan Later => Rounds.Skip(1).Order().ElementAt((Rounds.Count - 1) / 2);
}

/// <summary>All sockets are cut at once and all chargers come back at once: how long until all have booted? Then again.</summary>
internal sealed class Storm : IPace
{
    private const int Rounds = 4;

    private readonly int _size;
    private TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _booted;
    private long _retries;

    private Storm(int size) => _size = size;

    public static async Task<StormResult> RunAsync(Server server, int chargers)
    {
        var loop = new Storm(chargers);
        using var fleet = await ChargerFleet.RegisterAsync(server, chargers, loop);
        await loop.ConnectAllAsync(fleet);
        var rounds = new List<TimeSpan>();
        for (var round = 0; round < Rounds; round++)
        {
            await fleet.DrainAsync(TimeSpan.FromSeconds(30));
            if (server.Counters is { } counters)
            {
                await counters.WaitUntilQuietAsync();
            }

            var clock = Stopwatch.StartNew();
            foreach (var charger in fleet.Chargers)
            {
                charger.Abort();
            }

            await loop.ConnectAllAsync(fleet);
            rounds.Add(clock.Elapsed);
        }

        return new StormResult(rounds, loop._retries);
    }

    private async Task ConnectAllAsync(ChargerFleet fleet)
    {
        _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _booted = 0;
        foreach (var charger in fleet.Chargers)
        {
            charger.Connect();
        }

        await _all.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Free(LoadCharger charger)
    {
        if (!charger.Booted)
        {
            charger.SendNext();
            return;
        }

        if (Interlocked.Increment(ref _booted) == _size)
        {
            _all.SetResult();
        }
    }

    public void Lost(LoadCharger charger, string why)
    {
        Interlocked.Increment(ref _retries);
        _ = RetryAsync(charger);
    }

    private static async Task RetryAsync(LoadCharger charger)
    {
        await Task.Delay(100);
        charger.Connect();
    }
}
