using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>
/// Follows a tenant's events: reads what is there already, then waits for more. A call that fails with its silo is made again, from the same position. One
/// <see cref="NextAsync"/> at a time.
/// </summary>
internal sealed partial class EventCursor(EventReader reader, long position, TimeProvider time, ILogger logger)
{
    // What comes in quick succession is fetched together. Events of other tenants, and those that were not selected, end a wait as well.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan GatheringInVain = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private long _position = position;
    private bool _isBehind = true;
    private bool _isFailing;
    private TimeSpan _pause;

    /// <summary>The next events, none when none came within <paramref name="patience"/> (at most 20 seconds) or the look-out failed; and how far it has looked.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public async Task<EventPage> NextAsync(int limit, TimeSpan patience, CancellationToken stop)
    {
        if (_pause > TimeSpan.Zero)
        {
            await Task.Delay(_pause, time, stop);
        }

        try
        {
            var page = _isBehind ? await CatchUpAsync(limit, stop) : await WaitAsync(limit, patience, stop);
            _isFailing = false;
            return page;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested && Failures.Passes(failure))
        {
            if (!_isFailing)
            {
                Log.NotRead(logger, failure, _position);
            }

            _isFailing = true;
            _pause = RetryPause;
            return new([], _position);
        }
    }

    private async Task<EventPage> CatchUpAsync(int limit, CancellationToken stop)
    {
        var page = await reader.ReadAsync(_position, limit).WaitAsync(stop);
        _isBehind = page.ReadTo > _position;
        _position = page.ReadTo;
        _pause = TimeSpan.Zero;
        return page;
    }

    private async Task<EventPage> WaitAsync(int limit, TimeSpan patience, CancellationToken stop)
    {
        // An answer that went down with its silo is missed sooner than Orleans misses it.
        var page = await reader.AwaitAnyAsync(_position, limit, patience).WaitAsync(patience + LostAfter, time, stop);
        var selected = reader.Select(page.Events);
        _isBehind = page.Events.Count == limit;
        _pause = _isBehind ? TimeSpan.Zero : selected.Count > 0 ? Gathering : GatheringInVain; // in vain also when a silo that stops does not wait
        _position = page.ReadTo;
        return page with { Events = selected };
    }

    private static partial class Log
    {
        [LoggerMessage(4120, LogLevel.Warning, "Events after {Position} cannot be read for a caller that follows them; it is tried again")]
        public static partial void NotRead(ILogger logger, Exception failure, long position);
    }
}
