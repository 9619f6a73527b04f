using System.Collections.Concurrent;
using System.Diagnostics;
using Capacitor.Load.Fleet;

namespace Capacitor.Load.Scenarios;

/// <summary>Chargers that first call as fast as they are answered, and then at a rate of their own, however the server does.</summary>
internal sealed class OwnRate(int size) : IPace
{
    private readonly ConcurrentQueue<LoadCharger> _idle = new();
    private TaskCompletionSource _allIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _warm;

    /// <summary>Connects all and warms up at full speed: a server that runs for a day is not measured while it compiles. Then nothing is under way.</summary>
    public async Task WarmUpAsync(ChargerFleet fleet, TimeSpan warmup)
    {
        foreach (var charger in fleet.Chargers)
        {
            charger.Connect();
        }

        await Task.Delay(warmup);
        _warm = true;
        await Task.WhenAny(_allIdle.Task, Task.Delay(TimeSpan.FromSeconds(10)));
        await fleet.DrainAsync(TimeSpan.FromSeconds(60));
        fleet.Tally.Latency = new Histogram();
    }

    /// <summary>Connects all, and lets them rest when they have booted.</summary>
    public async Task ConnectAsync(ChargerFleet fleet)
    {
        foreach (var charger in fleet.Chargers)
        {
            charger.Connect();
        }

        await RushAsync(fleet, size * 4);
    }

    /// <summary>Calls at full speed until this many more events have happened; then nothing is under way.</summary>
    public async Task RushAsync(ChargerFleet fleet, long events)
    {
        var target = fleet.Tally.Events + events;
        _allIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _warm = false;
        while (_idle.TryDequeue(out var charger))
        {
            charger.SendNext();
        }

        while (fleet.Tally.Events < target && fleet.Tally.Errors == 0)
        {
            await Task.Delay(5);
        }

        _warm = true;
        await _allIdle.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Calls at a rate for a while, and waits until the events have come: what they took.</summary>
    public async Task<OpenResult> WatchAsync(ChargerFleet fleet, int rate, TimeSpan window)
    {
        var since = Stopwatch.GetTimestamp();
        fleet.Tally.Latency = new Histogram();
        using var stop = new CancellationTokenSource(window);
        var (sent, skipped) = await SendAsync(rate, stop.Token);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        await fleet.DrainAsync(TimeSpan.FromSeconds(20));
        return new OpenResult(sent / seconds, fleet.Tally.Latency, fleet.Verify(since), skipped, fleet.Tally.Errors);
    }

    /// <summary>Calls until it is stopped. Skipped: turns at which every charger waited for an answer.</summary>
    public Task<(long Sent, long Skipped)> SendAsync(int rate, CancellationToken stop) =>
        Task.Factory.StartNew(() => Send(rate, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Free(LoadCharger charger)
    {
        if (_warm)
        {
            _idle.Enqueue(charger);
            if (_idle.Count == size)
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

    private (long Sent, long Skipped) Send(int rate, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var (turn, skipped) = (0L, 0L);
        for (; !stop.IsCancellationRequested; turn++)
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

        return (turn - skipped, skipped);
    }
}
