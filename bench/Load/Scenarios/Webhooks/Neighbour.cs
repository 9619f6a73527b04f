using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Scenarios.Webhooks;

/// <summary>What one tenant's deliveries take while another tenant is silent, calls but has no webhooks, is served well, or has nothing but dead endpoints.</summary>
internal sealed class Neighbour : IDisposable
{
    private const string Idle = "silent";
    private const string Unheard = "unheard";
    private const string Served = "served";
    private const string Dead = "dead";
    private const int FirstOfA = 10_000;

    private readonly EventSink _healthy = new(static (_, _, _) => { });
    private readonly EventSink _refusing = new(static (_, _, _) => { }, isAway: true);
    private readonly EventSink _hanging = new(static (_, _, _) => { }, answer: SinkAnswer.None);
    private readonly EventSink _failing = new(static (_, _, _) => { }, answer: SinkAnswer.Failure);

    /// <param name="target">What is driven.</param>
    /// <param name="webhooks">That A has of each kind: refused, hanging, always 500.</param>
    /// <param name="rate">Calls a second of B.</param>
    /// <param name="rateOfA">And of A.</param>
    /// <param name="repeats">How often each is measured.</param>
    /// <param name="warmup">At full speed.</param>
    /// <param name="window">What is measured at a time.</param>
    public static async Task RunAsync(Target target, int webhooks, int rate, int rateOfA, int repeats, TimeSpan warmup, TimeSpan window)
    {
        await using var server = await Server.StartAsync(target);
        using var sinks = new Neighbour();
        using var a = await TenantApi.CreateAsync(server, "A");
        using var b = await TenantApi.CreateAsync(server, "B");
        var (paceOfA, pace) = (new OwnRate(100), new OwnRate(100));
        using var fleetOfA = new ChargerFleet(server, FirstOfA, 100, paceOfA, hearers: 0);
        using var fleet = new ChargerFleet(server, 0, 100, pace);
        await a.AddChargersAsync(FirstOfA, 100);
        await b.AddChargersAsync(0, 100);
        using var sink = new EventSink(fleet.Hear(0));
        await b.AddWebhookAsync(sink.Url);
        await Task.WhenAll(pace.WarmUpAsync(fleet, warmup), paceOfA.WarmUpAsync(fleetOfA, warmup));
        var samples = new Samples([Idle, Unheard, Served, Dead],
        [
            new(Measures.Middle, Dead, Idle),
            new(Measures.Tail, Dead, Idle, AtMost: 1.2),
            new(Measures.Tail, Dead, Unheard),
            new(Measures.Tail, Dead, Served),
        ]);
        await Samples.TakeAsync([Idle, Unheard, Served, Dead], repeats, async name =>
        {
            var hooks = await a.AddWebhooksAsync(sinks.UrlsFor(name, webhooks));
            var before = sinks.Counts();
            using var stop = new CancellationTokenSource();
            var sending = name == Idle ? Task.CompletedTask : paceOfA.SendAsync(rateOfA, stop.Token);
            var result = await pace.WatchAsync(fleet, rate, window);
            await stop.CancelAsync();
            await sending;
            await a.RemoveWebhooksAsync(hooks);
            Report.Print(name, result);
            Report.Line("", $"A's endpoints got {sinks.Since(before)}");
            samples.Add(name, Measures.Middle, result.Verdict.Latency.Percentile(0.5));
            samples.Add(name, Measures.Tail, result.Verdict.Latency.Percentile(0.99));
            await Task.Delay(TimeSpan.FromSeconds(6)); // what hangs has its end
        });
        samples.Print();
    }

    public void Dispose()
    {
        _healthy.Dispose();
        _refusing.Dispose();
        _hanging.Dispose();
        _failing.Dispose();
    }

    // As many each, and of each kind as many.
    private IEnumerable<string> UrlsFor(string name, int webhooks) => name switch
    {
        Served => Enumerable.Range(0, 3 * webhooks).Select(_healthy.UrlOf),
        Dead => Enumerable.Range(0, webhooks).SelectMany(host => new[] { _refusing.UrlOf(host), _hanging.UrlOf(host), _failing.UrlOf(host) }),
        _ => [],
    };

    private (long Healthy, long Hanging, long Failing) Counts() => (_healthy.Requests, _hanging.Requests, _failing.Requests);

    private string Since((long Healthy, long Hanging, long Failing) before) =>
        $"{_healthy.Requests - before.Healthy:N0} requests that were answered 200, {_failing.Requests - before.Failing:N0} that were answered 500, {_hanging.Requests - before.Hanging:N0} that were not";
}
