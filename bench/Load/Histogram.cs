namespace Capacitor.Load;

/// <summary>Durations by the microsecond up to 100 ms and by the millisecond up to a minute.</summary>
internal sealed class Histogram
{
    private const int Fine = 100_000;
    private readonly int[] _counts = new int[Fine + 60_000];

    public long Count { get; private set; }

    public double Max { get; private set; }

    public void Add(TimeSpan duration)
    {
        var micros = duration.Ticks / TimeSpan.TicksPerMicrosecond;
        var bucket = micros < Fine ? micros : Math.Min(Fine + (micros / 1000) - 100, _counts.Length - 1);
        _counts[Math.Max(0, bucket)]++;
        Count++;
        Max = Math.Max(Max, duration.TotalMilliseconds);
    }

    /// <summary>The duration, in milliseconds, that this share stays within.</summary>
    public double Percentile(double share)
    {
        var rank = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
            {
                return bucket < Fine ? bucket / 1000.0 : bucket - Fine + 100;
            }
        }

        return 0;
    }

    public override string ToString() => $"p50 {Percentile(0.5):0.00} ms, p99 {Percentile(0.99):0.00} ms, max {Max:0.0} ms";
}
