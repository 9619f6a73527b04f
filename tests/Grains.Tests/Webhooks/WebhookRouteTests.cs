using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Concurrency;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class WebhookRouteTests
{
    private readonly ListJournal _journal = new(TimeProvider.System);
    private readonly FakeTimeProvider _time = new();
    private readonly Taker _taker = new();

    [Fact]
    public void Add_Matching_IsOfferedWithWhatItFollows()
    {
        var route = Route();
        route.Add(Slice(2));
        route.Add(Slice(3));
        Assert.Equal([(0, 2, 2), (2, 5, 3)], _taker.Offers);
    }

    [Fact]
    public void Add_SeenBefore_IsLeftOut()
    {
        var route = Route();
        var slice = Slice(3);
        route.Add(slice);
        route.Add(slice);
        route.Add(new EventSlice(0, [.. slice.Events, _journal.Append("A")]));
        Assert.Equal([(0, 3, 3), (3, 4, 1)], _taker.Offers);
    }

    [Fact]
    public void Add_NothingMatches_TellsNowAndThenHowFarTheStreamIs()
    {
        var route = Route(EventTypes.TransactionStarted);
        for (var i = 0; i < 25; i++)
        {
            route.Add(Slice(100));
        }

        Assert.Equal([(0, 100, 0), (100, 1_100, 0), (1_100, 2_100, 0)], _taker.Offers);
    }

    [Fact]
    public void Add_WhileAnOfferIsUnderWay_GathersForTheNext()
    {
        var route = Route();
        var gate = _taker.Hold();
        route.Add(Slice(1));
        route.Add(Slice(2));
        route.Add(Slice(3));
        Assert.Equal([(0, 1, 1)], _taker.Offers);
        gate.SetResult();
        Assert.Equal([(0, 1, 1), (1, 6, 5)], _taker.Offers);
    }

    [Fact]
    public void Add_MoreThanIsGathered_TellsOfTheGap()
    {
        var route = Route();
        var gate = _taker.Hold();
        route.Add(Slice(1));
        route.Add(Slice(3_000));
        gate.SetResult();
        Assert.Equal([(0, 1, 1), (3_001, 3_001, 0)], _taker.Offers);
    }

    [Fact]
    public void Add_TheStreamHasAGap_TellsOfItEvenIfNothingMatches()
    {
        var route = Route(EventTypes.TransactionStarted);
        route.Add(Slice(1));
        Slice(5);
        route.Add(Slice(1));
        Assert.Equal([(0, 1, 0), (6, 7, 0)], _taker.Offers);
    }

    [Fact]
    public void Add_TheOfferFails_TellsOfTheGapAfterAPauseThoughNothingMoreComes()
    {
        var route = Route();
        _taker.Failures = 2;
        route.Add(Slice(4));
        Assert.Empty(_taker.Offers);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Empty(_taker.Offers);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal([(4, 4, 0)], _taker.Offers);
    }

    [Fact]
    public void Add_TheWebhookRests_TellsHowFarTheStreamIsWhenTheRestIsOver()
    {
        var route = Route();
        _taker.Rest = TimeSpan.FromMinutes(1);
        route.Add(Slice(1));
        foreach (var _ in Enumerable.Range(0, 50))
        {
            route.Add(Slice(2));
        }

        Assert.Equal([(0, 1, 1)], _taker.Offers);
        _taker.Rest = null;
        _time.Advance(TimeSpan.FromSeconds(4)); // no longer than that, whatever it says: the endpoint may be back
        Assert.Equal([(0, 1, 1), (101, 101, 0)], _taker.Offers);
        route.Add(Slice(3));
        Assert.Equal((101, 104, 3), _taker.Offers[^1]);
    }

    [Fact]
    public void Add_WhileAnOfferWithoutEventsIsUnderWay_WritesNothingIntoIt()
    {
        var route = Route(EventTypes.TransactionStarted);
        route.Add(Slice(1));
        Slice(5);
        var gate = _taker.Hold();
        route.Add(Slice(1)); // there is a gap: an offer of nothing
        var offered = _taker.Last!;
        route.Add(new EventSlice(7, [_journal.Append("A", EventTypes.TransactionStarted)]));

        Assert.Empty(offered);
        gate.SetResult();
        Assert.Equal((7, 8, 1), _taker.Offers[^1]);
    }

    [Fact]
    public void Close_OfferFailing_GivesUp()
    {
        var route = Route();
        _taker.Failures = 1;
        route.Add(Slice(1));
        route.Close();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_taker.Offers);
    }

    [Fact]
    public void Add_EventsThatNoWebhookWants_AllocateNothing()
    {
        var routes = new WebhookRoutes();
        foreach (var (events, chargers) in new (string[], string[]?)[] { (["charger.boot"], null), (["transaction.*"], null), (["*"], ["OTHER"]) })
        {
            var id = $"wh_{routes.Ids.Count}";
            routes.Set(id, new WebhookRoute(id, new EventFilter(events, chargers), _taker, _time, NullLogger.Instance));
        }

        var slices = Enumerable.Range(0, 200).Select(i => new EventSlice(i, [_journal.Append("CP-1")])).ToArray();
        routes.Add(slices[0]); // compiles what is called, and tells where the stream begins
        _taker.Offers.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var slice in slices)
        {
            routes.Add(slice);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(_taker.Offers);
    }

    private WebhookRoute Route(params string[] events) =>
        new("wh_1", new EventFilter(events.Length == 0 ? [EventTypes.Any] : events), _taker, _time, NullLogger.Instance);

    private EventSlice Slice(int count)
    {
        var events = Enumerable.Range(0, count).Select(_ => _journal.Append("A")).ToArray();
        return new EventSlice(events[0].Position - 1, events);
    }

    private sealed class Taker : IWebhookGrain
    {
        private Task _held = Task.CompletedTask;

        public IReadOnlyList<JournalEvent>? Last { get; private set; }

        public TimeSpan? Rest { get; set; }

        public List<(long After, long UpTo, int Count)> Offers { get; } = [];

        public int Failures { get; set; }

        public TaskCompletionSource Hold()
        {
            var gate = new TaskCompletionSource();
            _held = gate.Task;
            return gate;
        }

        public async Task<TimeSpan?> OfferAsync(long after, long upTo, Immutable<IReadOnlyList<JournalEvent>> matching)
        {
            if (Failures-- > 0)
            {
                throw new TimeoutException("The webhook is away.");
            }

            Last = matching.Value;
            Offers.Add((after, upTo, matching.Value.Count));
            await _held;
            return Rest;
        }

        public Task ConfigureAsync(WebhookSettings settings) => throw new NotSupportedException();

        public Task<WebhookHealth> ReadHealthAsync() => throw new NotSupportedException();

        public Task<MissedEvents?> CountMissedAsync() => throw new NotSupportedException();

        public Task<DeliveryRecord?> TestAsync() => throw new NotSupportedException();

        public Task<DeliveryRecord?> RedeliverAsync(string deliveryId) => throw new NotSupportedException();

        public Task<Replay> StartReplayAsync(ReplayRequest request) => throw new NotSupportedException();

        public Task<IReadOnlyList<Replay>> ListReplaysAsync() => throw new NotSupportedException();

        public Task<Replay?> CancelReplayAsync(string replayId) => throw new NotSupportedException();

        public Task WakeAsync() => throw new NotSupportedException();

        public Task RemoveAsync() => throw new NotSupportedException();
    }
}
