using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// What a webhook's answers say of its endpoint: how many requests it can take at a time (additive increase, multiplicative decrease, from a slow start), and
/// whether it is worth asking at all. While it is not, nothing is attempted but one event now and then. Its user guards it against threads, and says what time it
/// is, so that all that is decided at once is decided for one time.
/// </summary>
internal sealed class EndpointHealth(WebhookOptions options, TimeProvider time)
{
    /// <summary>Failures in a row after which the endpoint is left alone.</summary>
    public const int TripAfter = 10;

    /// <summary>Requests in a row without an answer after which an endpoint that never answered well is left alone.</summary>
    public const int TripUnheardAfter = 3;

    /// <summary>Requests that an endpoint gets at a time before it has answered once.</summary>
    public const int FirstWindow = 2;

    private const int WindowOfTheRecovered = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(2);

    private double _window = Math.Min(FirstWindow, options.MaxConcurrency);
    private double _threshold = options.MaxConcurrency;
    private TimeSpan _pause = FirstPause;
    private long _until = long.MinValue;
    private long _cutAt = long.MinValue;
    private int _inARow;

    /// <summary>True while nothing is attempted but one event now and then.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True once it has answered.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>True when the last thing heard of the endpoint was that it took an event.</summary>
    public bool IsProven { get; private set; }

    /// <summary>Since when every attempt has failed; null when the last one did not.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Attempts that failed since then.</summary>
    public int Failures { get; private set; }

    /// <summary>How many requests may be under way when nothing is wrong.</summary>
    public int Window => (int)_window;

    /// <summary>How many requests may be under way.</summary>
    public int AllowanceAt(long now) => _until > now ? 0 : IsOpen ? 1 : (int)_window;

    /// <summary>How long nothing is to be attempted; null: it may be.</summary>
    public TimeSpan? BlockedAt(long now) => _until > now ? time.GetElapsedTime(now, _until) : null;

    /// <summary>True while keeping events for it in memory is not worth it: it is left alone, or has asked for more than a moment.</summary>
    public bool IsRestingAt(long now) => IsOpen || BlockedAt(now) > ShortPause;

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

        if (status != 0 && policy.Retry is null)
        {
            AnswersAtLeast(); // as documented, it gets the next event whatever it said, unless its webhook asked for better
            return false;
        }

        var isTripped = Fail(began, IsHeard || status != 0 ? TripAfter : TripUnheardAfter);
        if (policy.Retry is not null && (isThrottled || result.RetryAfter is not null))
        {
            LeaveAloneFor(result.RetryAfter ?? FirstPause, isAsked: result.RetryAfter is not null);
        }

        return isTripped;
    }

    /// <summary>Takes up what was known of it before this process looked.</summary>
    public void Restore(DateTimeOffset since, int failures) => (FailingSince, Failures) = (since, failures);

    private void Succeed(TimeSpan took, int underWay, TimeSpan timeout)
    {
        AnswersAtLeast();
        (IsProven, FailingSince, Failures) = (true, null, 0);
        if (underWay + 1 >= (int)_window && took < timeout / 2)
        {
            _window = Math.Min(options.MaxConcurrency, _window + (_window < _threshold ? 1 : 1 / _window));
        }
    }

    private void AnswersAtLeast()
    {
        if (IsOpen)
        {
            (IsOpen, _window, _pause) = (false, Math.Min(WindowOfTheRecovered, options.MaxConcurrency), FirstPause);
        }

        (_inARow, IsHeard) = (0, true);
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

    private bool Fail(long began, int tripAfter)
    {
        _inARow++;
        if (IsOpen)
        {
            if (began >= _until) // the one that was to find out; the others began before
            {
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                LeaveAloneFor(_pause, isAsked: false);
            }

            return false;
        }

        if (_inARow < tripAfter)
        {
            return false;
        }

        IsOpen = true;
        LeaveAloneFor(_pause, isAsked: false);
        return true;
    }

    // Who asks for a pause gets no less. Where many fail together, those that look whether they are back are to be far apart soon.
    private void LeaveAloneFor(TimeSpan pause, bool isAsked)
    {
        var jittered = (pause < LongestAsked ? pause : LongestAsked) * (isAsked ? 1 + (0.1 * Random.Shared.NextDouble()) : 0.75 + (0.5 * Random.Shared.NextDouble()));
        _until = Math.Max(_until, time.GetTimestamp() + (long)(jittered.TotalSeconds * time.TimestampFrequency));
    }
}
