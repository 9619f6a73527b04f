using System.Collections.Concurrent;
using System.Diagnostics;
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
internal sealed class Open : IPace
{
    private readonly ConcurrentQueue<LoadCharger> _idle = new();
    private readonly int _size;
    private readonly TaskCompletionSource _allIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _warm;

    private Open(int size) => _size = size;

    public static async Task<OpenResult> RunAsync(Server server, int chargers, int rate, TimeSpan warmup, TimeSpan window)
    {
        var loop = new Open(chargers);
        using var fleet = await ChargerFleet.RegisterAsync(server, chargers, loop);
        foreach (var charger in fleet.Chargers)
        {
            charger.Connect();
        }

        // Warmed up at full speed: a server that runs for a day is not measured while it compiles.
        await Task.Delay(warmup);
        loop._warm = true;
        await Task.WhenAny(loop._allIdle.Task, Task.Delay(TimeSpan.FromSeconds(10)));
        await fleet.DrainAsync(TimeSpan.FromSeconds(60));
        fleet.Tally.Latency = new Histogram();
        var since = Stopwatch.GetTimestamp();
        var (sent, skipped) = await Task.Factory.StartNew(() => loop.Send(rate, window), TaskCreationOptions.LongRunning);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        await fleet.DrainAsync(TimeSpan.FromSeconds(10));
        return new OpenResult(sent / seconds, fleet.Tally.Latency, fleet.Verify(since), skipped, fleet.Tally.Errors);
    }

    public void Free(LoadCharger charger)
    {
        if (_warm)
        {
            _idle.Enqueue(charger);
            if (_idle.Count == _size)
            {
                _allIdle.TrySetResult();
            }
        }
        else
        {
            charger.SendNext();
        }
    }

    public void Lost(LoadCharger charger, string why)
    {
        // Counted as an error; the charger stays away.
    }

    private (long Sent, long Skipped) Send(int rate, TimeSpan window)
    {
        var clock = Stopwatch.StartNew();
        var turns = (long)(window.TotalSeconds * rate);
        long skipped = 0;
        for (long turn = 0; turn < turns; turn++)
        {
            var wait = TimeSpan.FromSeconds((double)turn / rate) - clock.Elapsed;
            if (wait > TimeSpan.Zero)
            {
                Thread.Sleep(wait);
            }

            if (_idle.TryDequeue(out var charger))
            {
                charger.SendNext();
            }
            else
            {
                skipped++;
            }
        }

        return (turns - skipped, skipped);
    }
}
