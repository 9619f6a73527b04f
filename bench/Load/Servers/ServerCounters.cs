using Capacitor.Testing;

namespace Capacitor.Load.Servers;

/// <summary>What Linux counts of the processes of a server; of the database only the processor time.</summary>
internal sealed class ServerCounters(IReadOnlyList<ProcStat> fronts, IReadOnlyList<ProcStat> silos, PostgresServer? database)
{
    // A process that idles does this much in a second: timers, probes, looks at the database.
    private const int QuietMilliseconds = 30;

    /// <summary>User and system time so far.</summary>
    public CpuTimes Cpu() => new(
        fronts.Sum(process => process.CpuMilliseconds()), silos.Sum(process => process.CpuMilliseconds()), database?.ProcessorTime().TotalMilliseconds ?? 0);

    public long ResidentKiB() => fronts.Sum(process => process.ResidentKiB()) + SiloKiB();

    /// <summary>The silos' part of it.</summary>
    public long SiloKiB() => silos.Sum(process => process.ResidentKiB());

    /// <summary>Waits until the processes do next to nothing and their memory stands still for three seconds, for a minute at most.</summary>
    public async Task<bool> WaitUntilQuietAsync()
    {
        var quiet = QuietMilliseconds * (fronts.Count + silos.Count + (database is null ? 0 : 2));
        var still = 0;
        var (cpu, memory) = (Cpu().Total, ResidentKiB());
        for (var second = 0; second < 60 && still < 3; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var (cpuNow, memoryNow) = (Cpu().Total, ResidentKiB());
            still = cpuNow - cpu <= quiet && Math.Abs(memoryNow - memory) < 512 ? still + 1 : 0;
            (cpu, memory) = (cpuNow, memoryNow);
        }

        return still == 3;
    }
}
