using System.Diagnostics;
using System.Globalization;
using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Scenarios.Webhooks;

/// <summary>
/// How fast one webhook delivers a backlog that its endpoint left while it was away, beside a bare loop that posts the same to the same sink, by turns. Nothing
/// else happens meanwhile: chargers rest.
/// </summary>
internal sealed class Deliveries(Server server, ChargerFleet fleet, OwnRate pace, TenantApi tenant, string sample, int events, int inFlight)
{
    private const string PerSecond = "deliveries/s";
    private const string Cpu = "CPU ms per delivery";
    private const int SampleSize = 1_000;

    // A window that grows from one request, and what is still compiled, is not what is measured; nor are the last few, of which some were given up.
    private const double From = 0.1;
    private const double To = 0.98;

    public static async Task RunAsync(Target target, int chargers, int events, int inFlight, int repeats, TimeSpan warmup)
    {
        await using var server = await Server.StartAsync(target, new Dictionary<string, string> { ["Capacitor__Webhooks__MaxConcurrency"] = inFlight.ToString(CultureInfo.InvariantCulture) });
        var pace = new OwnRate(chargers);
        using var fleet = new ChargerFleet(server, 0, chargers, pace, hearers: 0);
        using var tenant = new TenantApi(server);
        await tenant.AddChargersAsync(0, chargers);
        await pace.ConnectAsync(fleet);
        var folder = Directory.CreateTempSubdirectory("capacitor-sample-");
        var scenario = new Deliveries(server, fleet, pace, tenant, Path.Combine(folder.FullName, "events"), events, inFlight);
        Report.Line("warm-up", (await scenario.DrainAsync(events / 2)).ToString());
        var samples = new Samples(["loop", target.Name],
        [
            new(PerSecond, target.Name, "loop", AtLeast: 0.5),
            new(Cpu, target.Name, "loop"),
        ]);
        await Samples.TakeAsync(["loop", target.Name], repeats, async name =>
        {
            var rate = name == "loop" ? await scenario.LoopAsync(warmup) : await scenario.DrainAsync(events);
            Report.Line(name, rate.ToString());
            samples.Add(name, PerSecond, rate.PerSecond);
            samples.Add(name, Cpu, rate.CpuMilliseconds);
        });
        folder.Delete(recursive: true);
        samples.Print();
    }

    // Refused connections, some ten in a row, tell the webhook that the endpoint is away. From then on events wait in the journal, but for one now and then.
    private async Task<DeliveryRate> DrainAsync(int backlog)
    {
        using var sink = new EventSink(static (_, _, _) => { }, isAway: true) { Sample = new Sample(SampleSize) };
        var webhook = await tenant.AddWebhookAsync(sink.Url);
        await pace.RushAsync(fleet, backlog);
        sink.Open();
        var rate = await DeliveryRate.MeasureAsync(sink, () => server.Counters!.Cpu().Total, (long)(backlog * From), (long)(backlog * To));
        await DeliveryRate.SettleAsync(sink);
        await tenant.RemoveWebhooksAsync([webhook]);
        await sink.Sample.SaveAsync(sample);
        return rate;
    }

    private async Task<DeliveryRate> LoopAsync(TimeSpan warmup)
    {
        using var sink = new EventSink(static (_, _, _) => { });
        using var loop = Process.Start(new ProcessStartInfo("dotnet", ["exec", Server.PathOf(Target.Limit.Front!), "post", sink.Url, TenantApi.Secret, sample, $"{inFlight}"])
        {
            RedirectStandardInput = true,
            Environment = { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = null, ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = null },
        })!;
        await Task.Delay(warmup);
        var counters = new ProcStat(loop.Id);
        var rate = await DeliveryRate.MeasureAsync(sink, counters.CpuMilliseconds, sink.Requests, sink.Requests + (long)(events * (To - From)));
        loop.StandardInput.Close();
        await loop.WaitForExitAsync();
        return rate;
    }
}
