using System.Diagnostics.CodeAnalysis;

namespace Capacitor.Cli;

/// <summary>How long to wait before the next attempt: twice as long each time, up to half a minute, and never all chargers at once.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _failures;

    public bool IsExhausted(int? attemptsAllowed) => _failures + 1 >= attemptsAllowed;

    public void Reset() => _failures = 0;

    [SuppressMessage("Security", "CA5394", Justification = "Spreads attempts; guards nothing.")]
    public TimeSpan Next()
    {
        var whole = First * Math.Pow(2, Math.Min(_failures++, 10));
        return (whole < Longest ? whole : Longest) * (0.5 + (random.NextDouble() / 2));
    }
}
