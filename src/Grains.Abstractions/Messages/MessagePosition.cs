namespace Capacitor.Messages;

/// <summary>
/// The place of a frame in the message log: microseconds since 1970 with ten bits below them, which tell frames of the same moment apart. Rising in each process.
/// </summary>
public static class MessagePosition
{
    private const int Bits = 10;

    /// <summary>Behind everything.</summary>
    public const long End = long.MaxValue;

    /// <summary>The first position of a moment; of one that no position can be at, the nearest.</summary>
    public static long From(DateTimeOffset time) =>
        Math.Clamp((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, 0, End >> Bits) << Bits;

    /// <summary>The moment of a position.</summary>
    public static DateTimeOffset At(long position) => DateTimeOffset.UnixEpoch.AddTicks((position >> Bits) * TimeSpan.TicksPerMicrosecond);

    /// <summary>So many positions are in a span of time.</summary>
    public static long Within(TimeSpan span) => (span.Ticks / TimeSpan.TicksPerMicrosecond) << Bits;
}
