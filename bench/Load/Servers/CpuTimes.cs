namespace Capacitor.Load.Servers;

/// <summary>Processor time in milliseconds, by who used it: what chargers connect to, what hosts the grains where that is something else, the database.</summary>
internal readonly record struct CpuTimes(double Fronts, double Silos, double Database)
{
    public double Total => Fronts + Silos + Database;

    public static CpuTimes operator -(CpuTimes left, CpuTimes right) =>
        new(left.Fronts - right.Fronts, left.Silos - right.Silos, left.Database - right.Database);

    public static CpuTimes operator /(CpuTimes times, double count) => new(times.Fronts / count, times.Silos / count, times.Database / count);
}
