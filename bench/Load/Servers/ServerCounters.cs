using Capacitor.Testing;

namespace Capacitor.Load.Servers;

/// <summary>What Linux counts of all processes of a server together; of the database only the processor time.</summary>
internal sealed class ServerCounters(IReadOnlyList<ProcStat> processes, PostgresServer? database)
{
    /// <summary>User and system time so far, in milliseconds.</summary>
    public double CpuMilliseconds() => processes.Sum(process => process.CpuMilliseconds()) + DatabaseCpuMilliseconds();

    /// <summary>The database's part of it.</summary>
    public double DatabaseCpuMilliseconds() => database?.ProcessorTime().TotalMilliseconds ?? 0;

    public long ResidentKiB() => processes.Sum(process => process.ResidentKiB());

    /// <summary>Waits until the processes do next to nothing and their memory stands still for three seconds, for a minute at most.</summary>
    public async Task<bool> WaitUntilQuietAsync()
    {
        var still = 0;
        var (cpu, memory) = (CpuMilliseconds(), ResidentKiB());
        for (var second = 0; second < 60 && still < 3; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var (cpuNow, memoryNow) = (CpuMilliseconds(), ResidentKiB());
            still = cpuNow - cpu <= 30 * processes.Count + (database is null ? 0 : 50) && Math.Abs(memoryNow - memory) < 512 ? still + 1 : 0;
            (cpu, memory) = (cpuNow, memoryNow);
        }

        return still == 3;
    }
}
