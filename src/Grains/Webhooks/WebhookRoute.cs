using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Capacitor.Grains.Webhooks;

/// <summary>
/// The way from a tenant's stream to one webhook. One offer is under way at a time and what comes meanwhile gathers, so a webhook that is slow
/// to take costs its siblings nothing; an offer that fails leaves a gap, which the webhook reads from the journal. One whose endpoint is left alone keeps nothing,
/// so it is only told now and then how far the stream is: a thousand dead endpoints cost next to nothing. Runs on its grain's scheduler.
/// </summary>
internal sealed partial class WebhookRoute(string webhookId, EventFilter filter, IWebhookGrain webhook, TimeProvider time, ILogger logger)
{
    // A webhook that seldom matches is told now and then how far the stream is, so that it need not read all of it again after a restart.
    private const int SilentPositions = 1_000;
    private const int MaxGathered = 2_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(3);

    private List<JournalEvent> _gathered = [];
    private long _from = -1;
    private long _to = -1;
    private bool _offering;
    private bool _closed;
    private bool _owes;
    private bool _rests;

    private bool IsDue => _owes || _gathered.Count > 0 || _to - _from >= SilentPositions;

    /// <summary>Takes what the stream brought.</summary>
    public void Add(EventSlice slice)
    {
        var upTo = slice.UpTo;
        if (upTo <= _to)
        {
            return;
        }

        if (_rests)
        {
            _to = upTo;
            Skip();
            _owes = true;
            return;
        }

        if (slice.After > _to)
        {
            _to = slice.After;
            Skip();
            _owes = true;
        }

        filter.Collect(slice.Events, _to, _gathered);
        _to = upTo;
        if (_gathered.Count > MaxGathered)
        {
            Skip();
            _owes = true;
        }

        if (!_offering && IsDue)
        {
            _ = OfferAsync();
        }
    }

    /// <summary>Ends it; an offer under way is let go.</summary>
    public void Close() => _closed = true;

    // What is not handed over is read from the journal by the webhook, which sees the gap.
    private void Skip()
    {
        _gathered = _gathered.Count == 0 ? _gathered : [];
        _from = _to;
    }

    private async Task OfferAsync()
    {
        _offering = true;
        var pause = FirstPause;
        while (!_closed && IsDue)
        {
            var (from, to) = (_from, _to);
            IReadOnlyList<JournalEvent> events = _gathered.Count == 0 ? [] : _gathered; // what goes out is not written to any more
            Skip();
            _owes = false;
            try
            {
                var rest = await webhook.OfferAsync(from, to, new Immutable<IReadOnlyList<JournalEvent>>(events));
                pause = FirstPause;
                if (rest is { } wish)
                {
                    await RestAsync(wish);
                }
            }
            catch (Exception failure)
            {
                Log.NotOffered(logger, failure, webhookId, pause);
                _owes = true; // even if nothing more comes, the webhook must hear of what it missed
                await Task.Delay(pause, time);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        _offering = false;
    }

    private async Task RestAsync(TimeSpan wish)
    {
        if (_gathered.Count > 0)
        {
            _owes = true;
            Skip();
        }

        _rests = true;
        var rest = wish < ShortestRest ? ShortestRest : wish > LongestRest ? LongestRest : wish;
        await Task.Delay(rest * (0.8 + (0.4 * Random.Shared.NextDouble())), time);
        _rests = false;
    }

    private static partial class Log
    {
        [LoggerMessage(2020, LogLevel.Warning, "Webhook {Webhook} did not take its events, which stay in the journal; next try in {Pause}")]
        public static partial void NotOffered(ILogger logger, Exception failure, string webhook, TimeSpan pause);
    }
}
