using System.Diagnostics;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>What a reconnect storm showed.</summary>
/// <param name="Back">From the cut to the last charger's boot.</param>
/// <param name="Retries">Attempts that were refused and tried again.</param>
/// <param name="Booted">Chargers that were back when the run ended.</param>
internal sealed record StormResult(TimeSpan Back, long Retries, int Booted);

/// <summary>All sockets are cut at once and all chargers come back at once: how long until all have booted?</summary>
internal sealed class Storm : IPace
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _size;
    private int _booted;
    private long _retries;

    private Storm(int size) => _size = size;

    public static async Task<StormResult> RunAsync(Server server, int chargers)
    {
        var loop = new Storm(chargers);
        using var fleet = await ChargerFleet.RegisterAsync(server, chargers, loop);
        foreach (var charger in fleet.Chargers)
        {
            charger.Connect();
        }

        await loop._first.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await fleet.DrainAsync(TimeSpan.FromSeconds(30));
        if (server.Counters is { } counters)
        {
            await counters.WaitUntilQuietAsync();
        }

        loop._retries = 0;
        var clock = Stopwatch.StartNew();
        foreach (var charger in fleet.Chargers)
        {
            charger.Abort();
        }

        foreach (var charger in fleet.Chargers)
        {
            charger.Connect();
        }

        await Task.WhenAny(loop._second.Task, Task.Delay(TimeSpan.FromSeconds(30)));
        return new StormResult(clock.Elapsed, loop._retries, loop._booted - chargers);
    }

    public void Free(LoadCharger charger)
    {
        if (!charger.Booted)
        {
            charger.SendNext();
            return;
        }

        var booted = Interlocked.Increment(ref _booted);
        if (booted == _size)
        {
            _first.SetResult();
        }
        else if (booted == 2 * _size)
        {
            _second.SetResult();
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
