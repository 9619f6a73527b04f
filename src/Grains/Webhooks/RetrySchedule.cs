using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>When a failed event is tried again: the pauses of a policy, each up to a tenth longer or shorter, and never sooner than the endpoint asks for.</summary>
internal static class RetrySchedule
{
    /// <summary>How far a pause may lie from the one it is made from.</summary>
    public const double Jitter = 0.1;

    /// <summary>The longest pause that an endpoint can ask for.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(24);

    // The example schedule of Standard Webhooks 1.0.
    private static readonly TimeSpan[] Standard =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The pause after <paramref name="attempts"/> attempts, 1 or more; <paramref name="chance"/> is from 0 to 1. Of a list that is too short, the last one repeats.</summary>
    public static TimeSpan After(RetryPolicy policy, int attempts, TimeSpan? asked, double chance)
    {
        var delays = policy.Delays is { Count: > 0 } own ? own : Standard;
        var pause = delays[Math.Min(attempts, delays.Count) - 1] * (1 - Jitter + (2 * Jitter * chance));
        var least = asked is { } wish ? (wish < LongestAsked ? wish : LongestAsked) : TimeSpan.Zero;
        return pause > least ? pause : least;
    }
}
