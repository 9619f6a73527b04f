using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// What a webhook's answers say of its endpoint: how many requests it can take at a time (additive increase, multiplicative decrease, from a slow start), and
/// whether it is worth asking at all. While it is not, nothing is attempted but one event now and then. Its user guards it against threads.
/// </summary>
internal sealed class EndpointHealth(WebhookOptions options, TimeProvider time)
{
    /// <summary>Failures in a row after which the endpoint is left alone.</summary>
    public const int TripAfter = 10;

    private const int FirstWindow = 16;
    private const int WindowOfTheRecovered = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private double _window = Math.Min(FirstWindow, options.MaxConcurrency);
    private double _threshold = options.MaxConcurrency;
    private TimeSpan _pause = FirstPause;
    private long _until = long.MinValue;
    private long _cutAt = long.MinValue;
    private int _inARow;

    /// <summary>True while nothing is attempted but one event now and then.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True when the last thing heard of the endpoint was that it took an event.</summary>
    public bool IsProven { get; private set; }

    /// <summary>Since when every attempt has failed; null when the last one did not.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Attempts that failed since then.</summary>
    public int Failures { get; private set; }

    /// <summary>How many requests may be under way now.</summary>
    public int Allowance => IsBlocked ? 0 : IsOpen ? 1 : (int)_window;

    /// <summary>How many requests may be under way when nothing is wrong.</summary>
    public int Window => (int)_window;

    /// <summary>How long nothing is to be attempted; null: it may be.</summary>
    public TimeSpan? Blocked => IsBlocked ? time.GetElapsedTime(time.GetTimestamp(), _until) : null;

    private bool IsBlocked => _until > time.GetTimestamp();

    /// <summary>
    /// Takes the end of an attempt that began at <paramref name="began"/> while <paramref name="underWay"/> were. True when it made the endpoint one to leave alone.
    /// </summary>
    public bool Report(AttemptResult result, long began, int underWay, WebhookPolicy policy)
    {
        if (result.Outcome is DeliveryOutcome.Delivered)
        {
            Succeed(result.Attempt.Total, underWay, policy.Timeout ?? options.Timeout);
            return false;
        }

        FailingSince ??= time.GetUtcNow();
        Failures++;
        IsProven = false;
        var status = result.Outcome is DeliveryOutcome.Rejected rejected ? rejected.Status : 0;
        var isThrottled = status is 429 or 502 or 503 or 504;
        if (status == 0 || isThrottled)
        {
            Cut(began);
        }

        if (policy.Retry is not null && (isThrottled || result.RetryAfter is not null))
        {
            LeaveAloneFor(result.RetryAfter ?? FirstPause);
        }

        // An endpoint that answers is there. As documented, it gets the next event whatever it said, unless its webhook asked for better.
        return (status == 0 || policy.Retry is not null) && Fail(began);
    }

    /// <summary>Takes up what was known of it before this process looked.</summary>
    public void Restore(DateTimeOffset since, int failures) => (FailingSince, Failures) = (since, failures);

    private void Succeed(TimeSpan took, int underWay, TimeSpan timeout)
    {
        if (IsOpen)
        {
            (IsOpen, _window, _pause) = (false, Math.Min(WindowOfTheRecovered, options.MaxConcurrency), FirstPause);
        }

        (IsProven, FailingSince, Failures, _inARow) = (true, null, 0, 0);
        if (underWay + 1 >= (int)_window && took < timeout / 2)
        {
            _window = Math.Min(options.MaxConcurrency, _window + (_window < _threshold ? 1 : 1 / _window));
        }
    }

    // Once for all that were under way at the same time: they say the same.
    private void Cut(long began)
    {
        if (began < _cutAt)
        {
            return;
        }

        _cutAt = time.GetTimestamp();
        _threshold = Math.Max(2, _window / 2);
        _window = Math.Max(1, _window / 2);
    }

    private bool Fail(long began)
    {
        _inARow++;
        if (IsOpen)
        {
            if (began >= _until) // the one that was to find out; the others began before
            {
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                LeaveAloneFor(_pause);
            }

            return false;
        }

        if (_inARow < TripAfter)
        {
            return false;
        }

        IsOpen = true;
        LeaveAloneFor(_pause);
        return true;
    }

    private void LeaveAloneFor(TimeSpan pause)
    {
        var jittered = (pause < LongestAsked ? pause : LongestAsked) * (0.9 + (0.2 * Random.Shared.NextDouble()));
        _until = Math.Max(_until, time.GetTimestamp() + (long)(jittered.TotalSeconds * time.TimestampFrequency));
    }
}
