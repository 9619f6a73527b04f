using Capacitor.Load.Fleet;
using Capacitor.Load.Servers;
using Capacitor.Load.Sink;

namespace Capacitor.Load.Scenarios.Webhooks;

/// <summary>What a webhook that has delivered and waits for more holds of the server's memory; each is a host of its own.</summary>
internal static class WebhookMemory
{
    private const string Heap = "KiB of managed heap per idle webhook";
    private const string Resident = "KiB resident per idle webhook";
    private const string Marginal = "KiB resident per idle webhook, second half";

    /// <param name="target">What is driven.</param>
    /// <param name="webhooks">In all.</param>
    /// <param name="tenants">That they are spread over.</param>
    public static async Task RunAsync(Target target, int webhooks, int tenants)
    {
        var each = webhooks / tenants;
        await using var server = await Server.StartAsync(target, Blackhole.ManyWebhooks(each + 1));
        var pace = new OwnRate(tenants);
        using var fleet = new ChargerFleet(server, 0, tenants, pace, hearers: 0);
        using var sink = new EventSink(static (_, _, _) => { });
        var apis = new List<TenantApi>();
        for (var number = 0; number < tenants; number++)
        {
            var api = await TenantApi.CreateAsync(server, $"tenant {number}");
            await api.AddChargersAsync(number, 1);
            await api.AddWebhookAsync(sink.UrlOf(0));
            apis.Add(api);
        }

        // The first of everything is not counted: each tenant has a webhook that has delivered.
        await pace.ConnectAsync(fleet);
        var before = await RestAsync(server);
        await AddAsync(apis, sink, each, 0, each / 2);
        await UseAsync(pace, fleet, sink, tenants * (each / 2));
        var halfway = await RestAsync(server);
        await AddAsync(apis, sink, each, each / 2, each - (each / 2));
        await UseAsync(pace, fleet, sink, tenants * each);
        var after = await RestAsync(server);
        Report.Line(target.Name, $"{tenants * each:N0} idle webhooks of {tenants} tenants; {fleet.Tally.Errors} errors");
        var samples = new Samples([target.Name], [new(Heap, target.Name, AtMost: 8), new(Resident, target.Name, AtMost: 8), new(Marginal, target.Name)]);
        samples.Add(target.Name, Heap, (after.Heap - before.Heap) / (tenants * each));
        samples.Add(target.Name, Resident, (after.Resident - before.Resident) / (tenants * each));
        samples.Add(target.Name, Marginal, (after.Resident - halfway.Resident) / (tenants * (each - (each / 2))));
        samples.Print();
        apis.ForEach(api => api.Dispose());
    }

    private static Task AddAsync(IEnumerable<TenantApi> apis, EventSink sink, int each, int first, int count) => Parallel.ForEachAsync(
        apis.Index(),
        new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (api, _) => await api.Item.AddWebhooksAsync(Enumerable.Range(first, count).Select(number => sink.UrlOf(1 + (api.Index * each) + number))));

    // Every webhook delivers at least once.
    private static async Task UseAsync(OwnRate pace, ChargerFleet fleet, EventSink sink, int webhooks)
    {
        var before = sink.Requests;
        await pace.RushAsync(fleet, fleet.Chargers.Count * 4);
        await DeliveryRate.SettleAsync(sink);
        if (sink.Requests - before < webhooks)
        {
            throw new InvalidOperationException($"Only {sink.Requests - before:N0} deliveries to {webhooks:N0} webhooks.");
        }
    }

    private static async Task<Memory> RestAsync(Server server)
    {
        await Task.Delay(TimeSpan.FromSeconds(10)); // connections that nobody uses are closed after three
        var quiet = await server.Counters!.WaitUntilQuietAsync();
        var memory = await server.CollectAsync();
        Report.Line("", $"{(quiet ? "quiet" : "NOT QUIET within a minute")}: {memory}");
        return memory;
    }
}
