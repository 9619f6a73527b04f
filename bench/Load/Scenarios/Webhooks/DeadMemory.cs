using System.Diagnostics;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Scenarios.Webhooks;

/// <summary>What a webhook whose endpoint hangs holds of the server's memory while a great many events wait for it.</summary>
internal static class DeadMemory
{
    private const int Chargers = 200;
    private const string Heap = "KiB of managed heap per dead webhook";
    private const string Resident = "KiB resident per dead webhook";

    // All have met their tenth failure by then: attempts take five seconds, and not all webhooks may make several at a time.
    private static readonly TimeSpan UntilAllAreLeftAlone = TimeSpan.FromSeconds(75);

    public static async Task RunAsync(Target target, int dead, int events)
    {
        await using var server = await Server.StartAsync(target, Blackhole.ManyWebhooks(dead + 1));
        var pace = new OwnRate(Chargers);
        using var fleet = new ChargerFleet(server, 0, Chargers, pace);
        using var tenant = new TenantApi(server);
        using var sink = new EventSink(fleet.Hear(0));
        using var hanging = new EventSink(static (_, _, _) => { }, answer: SinkAnswer.None);
        await tenant.AddChargersAsync(0, Chargers);
        await tenant.AddWebhookAsync(sink.Url);
        await pace.ConnectAsync(fleet);

        // The same number of events before and after, so that what the store keeps of the latest is the same.
        await pace.RushAsync(fleet, events);
        await fleet.DrainAsync(TimeSpan.FromMinutes(2));
        await server.Counters!.WaitUntilQuietAsync();
        var before = await server.CollectAsync();
        await tenant.AddWebhooksAsync(Enumerable.Range(0, dead).Select(hanging.UrlOf));
        var clock = Stopwatch.StartNew();
        await pace.RushAsync(fleet, events);
        var rushed = clock.Elapsed;
        var drained = await fleet.DrainAsync(TimeSpan.FromMinutes(2));
        await Task.Delay(UntilAllAreLeftAlone);
        var after = await server.CollectAsync();
        Report.Line(target.Name, $"{events:N0} events while {dead:N0} webhooks hang took {rushed.TotalSeconds:0.0} s, the healthy one had them {drained.TotalSeconds:0.0} s later; {hanging.Requests:N0} requests were not answered");
        Report.Line("before", before.ToString());
        Report.Line("after", after.ToString());
        Report.Line("", $"{fleet.Verify()}; {fleet.Tally.Errors} errors");
        var samples = new Samples([target.Name], [new(Heap, target.Name, AtMost: 256), new(Resident, target.Name, AtMost: 256)]);
        samples.Add(target.Name, Heap, (after.Heap - before.Heap) / dead);
        samples.Add(target.Name, Resident, (after.Resident - before.Resident) / dead);
        samples.Print();
    }
}
