using System.Diagnostics;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Scenarios.Webhooks;

/// <summary>What live events take while a great many old ones are replayed to the same webhook, and how long that takes.</summary>
internal static class ReplayBeside
{
    private const string Alone = "alone";
    private const string Beside = "beside";
    private const int FirstLive = 10_000;
    private const int Live = 100;

    public static async Task RunAsync(Target target, int events, int rate, int repeats, TimeSpan warmup, TimeSpan window)
    {
        await using var server = await Server.StartAsync(target);
        using var tenant = new TenantApi(server);
        await tenant.AddChargersAsync(0, Live);
        await tenant.AddChargersAsync(FirstLive, Live);
        await GatherAsync(server, events);
        var end = TimeProvider.System.GetUtcNow();
        await Task.Delay(100); // the clock of the server's events is this machine's

        var pace = new OwnRate(Live);
        using var fleet = new ChargerFleet(server, FirstLive, Live, pace);
        using var sink = new EventSink(fleet.Hear(0));
        var webhook = await tenant.AddWebhookAsync(sink.Url);
        await pace.WarmUpAsync(fleet, warmup);
        var samples = new Samples([Alone, Beside], [new(Measures.Middle, Beside, Alone), new(Measures.Tail, Beside, Alone, AtMost: 1.5)]);
        await Samples.TakeAsync([Alone, Beside], repeats, async name =>
        {
            var replay = name == Alone ? null : await tenant.ReplayAsync(webhook, end);
            var (before, since) = (fleet.Strangers, Stopwatch.GetTimestamp());
            var result = await pace.WatchAsync(fleet, rate, window);
            Report.Print(name, result);
            if (replay is not null)
            {
                Report.Line("", $"replayed meanwhile: {(fleet.Strangers - before) / Stopwatch.GetElapsedTime(since).TotalSeconds:N0} events/s");
                await tenant.CancelAsync(replay);
            }

            samples.Add(name, Measures.Middle, result.Verdict.Latency.Percentile(0.5));
            samples.Add(name, Measures.Tail, result.Verdict.Latency.Percentile(0.99));
            await Task.Delay(TimeSpan.FromSeconds(2));
        });

        await CompleteAsync(tenant, webhook, fleet, pace, rate, end);
        samples.Print();
    }

    // Without a webhook: they are as old as anything before it was registered.
    private static async Task GatherAsync(Server server, int events)
    {
        var pace = new OwnRate(Live);
        using var fleet = new ChargerFleet(server, 0, Live, pace, hearers: 0);
        await pace.ConnectAsync(fleet);
        await pace.RushAsync(fleet, events);
    }

    private static async Task CompleteAsync(TenantApi tenant, string webhook, ChargerFleet fleet, OwnRate pace, int rate, DateTimeOffset end)
    {
        var (before, clock) = (fleet.Strangers, Stopwatch.StartNew());
        using var stop = new CancellationTokenSource();
        var sending = pace.SendAsync(rate, stop.Token);
        var ended = await tenant.CompletedAsync(await tenant.ReplayAsync(webhook, end));
        var took = clock.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await sending;
        Report.Line("complete", $"{fleet.Strangers - before:N0} events replayed in {took:0.0} s, {(fleet.Strangers - before) / took:N0} a second: {ended.GetProperty("status")}, {ended.GetProperty("matched")} matched, {ended.GetProperty("delivered")} delivered, {ended.GetProperty("failed")} failed");
    }
}
