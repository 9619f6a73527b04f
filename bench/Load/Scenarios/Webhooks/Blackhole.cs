using System.Diagnostics;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Scenarios.Webhooks;

/// <summary>One tenant with many webhooks, nearly all of which lead to endpoints that take a request and never answer: what do the others take?</summary>
internal static class Blackhole
{
    private const int Chargers = 20;
    private const string Alone = "alone";
    private const string Failing = "failing";
    private const string LeftAlone = "left alone";

    // By then all have had their tenth failure: attempts take five seconds, and not all webhooks may make several at a time.
    private static readonly TimeSpan UntilAllAreLeftAlone = TimeSpan.FromSeconds(40);

    /// <param name="target">What is driven.</param>
    /// <param name="healthy">Webhooks that are served.</param>
    /// <param name="dead">Webhooks that hang.</param>
    /// <param name="rate">Calls a second.</param>
    /// <param name="repeats">How often each is measured.</param>
    /// <param name="warmup">At full speed.</param>
    /// <param name="window">What is measured at a time.</param>
    public static async Task RunAsync(Target target, int healthy, int dead, int rate, int repeats, TimeSpan warmup, TimeSpan window)
    {
        await using var server = await Server.StartAsync(target, ManyWebhooks(healthy + dead));
        var pace = new OwnRate(Chargers);
        using var fleet = new ChargerFleet(server, 0, Chargers, pace, healthy);
        using var tenant = new TenantApi(server);
        await tenant.AddChargersAsync(0, Chargers);
        var sinks = Enumerable.Range(0, healthy).Select(hearer => new EventSink(fleet.Hear(hearer))).ToList();
        using var hanging = new EventSink(static (_, _, _) => { }, answer: SinkAnswer.None);
        await tenant.AddWebhooksAsync(sinks.Select(sink => sink.Url));
        await pace.WarmUpAsync(fleet, warmup);
        var samples = new Samples([Alone, Failing, LeftAlone],
        [
            new(Measures.Middle, Failing, Alone),
            new(Measures.Middle, LeftAlone, Alone),
            new(Measures.Tail, Failing, Alone, AtMost: 2),
            new(Measures.Tail, LeftAlone, Alone, AtMost: 2),
        ]);
        await Samples.TakeAsync([Alone, Failing], repeats, async name =>
        {
            if (name == Alone)
            {
                await WatchAsync(Alone);
                return;
            }

            var hooks = await tenant.AddWebhooksAsync(Enumerable.Range(0, dead).Select(hanging.UrlOf));
            var clock = Stopwatch.StartNew();
            await WatchAsync(Failing);
            if (UntilAllAreLeftAlone - clock.Elapsed is { Ticks: > 0 } rest)
            {
                await pace.WatchAsync(fleet, rate, rest);
            }

            await WatchAsync(LeftAlone);
            await tenant.RemoveWebhooksAsync(hooks);
            await Task.Delay(TimeSpan.FromSeconds(6)); // what hangs has its end
        });
        samples.Print();
        sinks.ForEach(sink => sink.Dispose());

        async Task WatchAsync(string name)
        {
            var (before, cpu) = (hanging.Requests, server.Counters!.Cpu().Total);
            var result = await pace.WatchAsync(fleet, rate, window);
            cpu = server.Counters!.Cpu().Total - cpu;
            Report.Print(name, result);
            Report.Line("", $"{hanging.Requests - before:N0} requests were not answered; the server took {cpu / window.TotalMilliseconds:P0} of a core");
            samples.Add(name, Measures.Middle, result.Verdict.Latency.Percentile(0.5));
            samples.Add(name, Measures.Tail, result.Verdict.Latency.Percentile(0.99));
        }
    }

    /// <summary>What a tenant may register, raised.</summary>
    public static Dictionary<string, string> ManyWebhooks(int count) => new() { ["Capacitor__Webhooks__MaxPerTenant"] = $"{Math.Max(1_000, count)}" };
}
