using System.Diagnostics;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;

namespace Capacitor.Load.Scenarios;

/// <summary>What idle chargers cost.</summary>
internal sealed record IdleResult
{
    public required int Chargers { get; init; }

    public required long BeforeKiB { get; init; }

    public required long HalfwayKiB { get; init; }

    public required long AfterKiB { get; init; }

    /// <summary>Where grains have processes of their own: their part.</summary>
    public required long SiloKiB { get; init; }

    public required long? HeapBeforeBytes { get; init; }

    public required long? HeapAfterBytes { get; init; }

    public required bool Quiet { get; init; }

    /// <summary>Of all processes together while nothing is said: pings, and what they do without chargers.</summary>
    public required double IdleCpuPercent { get; init; }

    public required long Errors { get; init; }

    public double KiBPerConnection => (double)(AfterKiB - BeforeKiB) / Chargers;

    /// <summary>Of the second half: room that a collector had taken before is used up by the first.</summary>
    public double MarginalKiB => (double)(AfterKiB - HalfwayKiB) / (Chargers - (Chargers / 2));

    public double SiloKiBPerCharger => (double)SiloKiB / Chargers;

    public double? HeapKiBPerConnection => (HeapAfterBytes - HeapBeforeBytes) / 1024.0 / Chargers;
}

/// <summary>Chargers connect, boot and fall silent: what does each hold of the server's memory?</summary>
internal sealed class Idle : IPace, IDisposable
{
    // As many as are connected before the first measurement, so that the first of everything is not counted.
    private const int First = 50;
    private const int AtOnce = 50;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30); // in which Capacitor pings every silent charger once

    private readonly SemaphoreSlim _done = new(0);

    public static async Task<IdleResult> RunAsync(Server server, int chargers)
    {
        using var loop = new Idle();
        using var fleet = await ChargerFleet.RegisterAsync(server, First + chargers, loop);
        await fleet.RestartAsync(server);
        var counters = server.Counters ?? throw new InvalidOperationException("The idle scenario needs the server's process: give --pid.");
        await loop.ConnectAsync(fleet.Chargers.Take(First));
        await counters.WaitUntilQuietAsync();
        var (before, silosBefore, heapBefore) = (counters.ResidentKiB(), counters.SiloKiB(), await server.HeapBytesAsync());
        await loop.ConnectAsync(fleet.Chargers.Skip(First).Take(chargers / 2));
        await counters.WaitUntilQuietAsync();
        var halfway = counters.ResidentKiB();
        await loop.ConnectAsync(fleet.Chargers.Skip(First + (chargers / 2)));
        await fleet.DrainAsync(TimeSpan.FromSeconds(30));
        var quiet = await counters.WaitUntilQuietAsync();
        var idle = await MeasureIdleAsync(counters);
        return new IdleResult
        {
            Chargers = chargers,
            BeforeKiB = before,
            HalfwayKiB = halfway,
            AfterKiB = counters.ResidentKiB(),
            SiloKiB = counters.SiloKiB() - silosBefore,
            HeapBeforeBytes = heapBefore,
            HeapAfterBytes = await server.HeapBytesAsync(),
            Quiet = quiet,
            IdleCpuPercent = idle,
            Errors = fleet.Tally.Errors,
        };
    }

    private static async Task<double> MeasureIdleAsync(ServerCounters counters)
    {
        var (cpu, since) = (counters.Cpu().Total, Stopwatch.GetTimestamp());
        await Task.Delay(PingInterval);
        return (counters.Cpu().Total - cpu) / Stopwatch.GetElapsedTime(since).TotalMilliseconds * 100;
    }

    public void Free(LoadCharger charger)
    {
        if (charger.Booted)
        {
            _done.Release();
        }
        else
        {
            charger.SendNext();
        }
    }

    public void Lost(LoadCharger charger, string why) => _done.Release();

    public void Dispose() => _done.Dispose();

    private async Task ConnectAsync(IEnumerable<LoadCharger> chargers)
    {
        foreach (var group in chargers.Chunk(AtOnce))
        {
            foreach (var charger in group)
            {
                charger.Connect();
            }

            foreach (var _ in group)
            {
                await _done.WaitAsync(TimeSpan.FromSeconds(10));
            }
        }
    }
}
