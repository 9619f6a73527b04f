using System.Globalization;

namespace Capacitor.Load.Servers;

/// <summary>What Linux counts of a process.</summary>
internal sealed class ProcStat(int pid)
{
    // USER_HZ, the unit of /proc/PID/stat, is 100 on every Linux that .NET runs on.
    private const double MillisecondsPerTick = 10;

    /// <summary>User and system time of all threads so far, in milliseconds.</summary>
    public double CpuMilliseconds()
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MillisecondsPerTick;
    }

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKiB() => Status("VmRSS:");

    /// <summary>The most resident memory so far, in KiB.</summary>
    public long PeakKiB() => Status("VmHWM:");

    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
    }
}
