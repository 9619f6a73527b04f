using System.Diagnostics;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>What a closed loop showed.</summary>
internal sealed record ClosedResult
{
    public required double CallsPerSecond { get; init; }

    public required double PostsPerSecond { get; init; }

    /// <summary>Milliseconds a call.</summary>
    public required CpuTimes Cpu { get; init; }

    /// <summary>What the load itself took, of the same two cores.</summary>
    public required double OwnCpuMillisecondsPerCall { get; init; }

    public required Histogram Answers { get; init; }

    public required long ResidentKiB { get; init; }

    /// <summary>Null where there is no database of the run's own.</summary>
    public required double? LogBytesPerCall { get; init; }

    public required double? DatabaseBytesPerEvent { get; init; }

    public required long Behind { get; init; }

    public required TimeSpan Drain { get; init; }

    public required Verdict Verdict { get; init; }

    public required long Errors { get; init; }

    public string? FirstError { get; init; }
}

/// <summary>Every charger has one call outstanding, always: what can the server take?</summary>
internal sealed class Closed : IPace
{
    private readonly int _size;
    private readonly TaskCompletionSource _allRest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _over;
    private int _resting;

    private Closed(int size) => _size = size;

    public static async Task<ClosedResult> RunAsync(Server server, int chargers, TimeSpan warmup, TimeSpan window)
    {
        var loop = new Closed(chargers);
        using var fleet = await ChargerFleet.RegisterAsync(server, chargers, loop);
        var tally = fleet.Tally;
        foreach (var charger in fleet.Chargers)
        {
            charger.Connect();
        }

        await Task.Delay(warmup);
        tally.Latency = new Histogram();
        var (answers, came, cpu, since) = (tally.Answers, tally.Came, server.Counters?.Cpu() ?? default, Stopwatch.GetTimestamp());
        var (own, database) = (Environment.CpuUsage.TotalTime, await server.DatabaseSizeAsync());
        await Task.Delay(window);
        own = Environment.CpuUsage.TotalTime - own;
        var latency = tally.Latency;
        tally.Latency = new Histogram();
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        (answers, came, cpu) = (tally.Answers - answers, tally.Came - came, (server.Counters?.Cpu() ?? default) - cpu);
        var databaseAfter = await server.DatabaseSizeAsync();
        var resident = server.Counters?.ResidentKiB() ?? 0;
        var behind = tally.Due - tally.Came;

        loop._over = true;
        await Task.WhenAny(loop._allRest.Task, Task.Delay(TimeSpan.FromSeconds(10)));
        var drain = await fleet.DrainAsync(TimeSpan.FromSeconds(60));
        return new ClosedResult
        {
            CallsPerSecond = answers / seconds,
            PostsPerSecond = came / seconds,
            Cpu = cpu / answers,
            LogBytesPerCall = (double?)(databaseAfter?.LogBytes - database?.LogBytes) / answers,
            DatabaseBytesPerEvent = databaseAfter?.BytesPerEvent,
            OwnCpuMillisecondsPerCall = own.TotalMilliseconds / answers,
            Answers = latency,
            ResidentKiB = resident,
            Behind = behind,
            Drain = drain,
            Verdict = fleet.Verify(),
            Errors = tally.Errors,
            FirstError = tally.FirstError,
        };
    }

    public void Free(LoadCharger charger)
    {
        if (!_over)
        {
            charger.SendNext();
        }
        else if (Interlocked.Increment(ref _resting) == _size)
        {
            // Every charger has had its last answer.
            _allRest.SetResult();
        }
    }

    public void Lost(LoadCharger charger, string why)
    {
        // Counted as an error; the charger stays away.
    }
}
