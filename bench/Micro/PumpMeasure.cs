using System.Diagnostics;
using System.Globalization;
using System.Text;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Grains.Webhooks;
using Capacitor.Tenants;
using Capacitor.Transactions;
using Capacitor.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Micro;

/// <summary>How many events a second one webhook's pump posts to a receiver on this machine: <c>--pump [chargers] [seconds]</c>.</summary>
internal static class PumpMeasure
{
    private const int Slice = 100;
    private const int MostWaiting = 2_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var chargers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        using var sink = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "--sink") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var url = await sink.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sink did not start.");
        await using var services = Services();
        var settings = new WebhookSettings
        {
            Tenant = TenantId.Default, WebhookId = "wh_1", Url = url, Events = [EventTypes.Any], Secret = "optional_webhook_secret", Delivering = true,
        };
        var pump = new DeliveryPump(new WebhookTarget(settings), new EventFilter(settings.Events), 0, services.GetRequiredService<DeliveryPumps>());
        var body = Encoding.UTF8.GetBytes(new string('x', 180));

        await FeedAsync(pump, chargers, body, TimeSpan.FromSeconds(2)); // warm
        var (before, cpuBefore, sinkBefore, began) = (pump.Position, Cpu(), Cpu(sink), Stopwatch.GetTimestamp());
        var (allocatedBefore, gcBefore) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(0));
        await FeedAsync(pump, chargers, body, TimeSpan.FromSeconds(seconds));
        var posts = pump.Position - before;
        var elapsed = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{chargers} chargers: {posts / elapsed.TotalSeconds:N0} posts/s, CPU per post {(Cpu() - cpuBefore).TotalMicroseconds / posts:N1} µs here and " +
            $"{(Cpu(sink) - sinkBefore).TotalMicroseconds / posts:N1} µs in the sink, {(GC.GetTotalAllocatedBytes() - allocatedBefore) / posts:N0} bytes allocated, " +
            $"{GC.CollectionCount(0) - gcBefore} collections"));
        await pump.StopAsync(TimeSpan.FromSeconds(5));
        sink.StandardInput.Close();
        await sink.WaitForExitAsync();
        return 0;
    }

    private static async Task FeedAsync(DeliveryPump pump, int chargers, byte[] body, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var position = pump.Position;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            if (pump.Waiting > MostWaiting)
            {
                await Task.Delay(1);
                continue;
            }

            var events = new JournalEvent[Slice];
            for (var i = 0; i < Slice; i++)
            {
                events[i] = TestEvent.Make(position + i + 1, (int)((position + i) % chargers), body);
            }

            pump.Offer(position, position + Slice, events);
            position += Slice;
        }

        while (pump.IsBusy)
        {
            await Task.Delay(1);
        }
    }

    private static TimeSpan Cpu(Process? process = null)
    {
        using var self = process is null ? Process.GetCurrentProcess() : null;
        (process ?? self)!.Refresh();
        return (process ?? self)!.TotalProcessorTime;
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<IJournalReader, NoJournal>();
        services.AddSingleton<IDeliveryStore, NoDeliveries>();
        services.AddWebhooks();
        services.Configure<WebhookOptions>(options => options.AllowPrivateNetworks = true);
        return services.BuildServiceProvider();
    }

    // The pump's own cost, and not the store's.
    private sealed class NoDeliveries : IDeliveryStore
    {
        public ValueTask WriteAsync(IReadOnlyList<DeliveryRecord> rows, CancellationToken cancellation = default) => default;

        public ValueTask<DeliveryRecord?> FindAsync(string webhookId, string deliveryId, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<DeliveryPage> ListAsync(
            string webhookId, DeliveryFilter filter, string? before, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<DeliveryRecord>> ListPendingAsync(string webhookId, int limit, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<long>> ListPositionsAsync(
            string webhookId, long after, long upTo, int limit, DeliveryStatus? status = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<int> CountPendingAsync(string webhookId, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<int> ExpirePendingAsync(string webhookId, DateTimeOffset now, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask RemoveAsync(string webhookId, CancellationToken cancellation = default) => throw new NotSupportedException();
    }

    // All that is pushed fits, so nothing is ever read.
    private sealed class NoJournal : IJournalReader
    {
        public ValueTask<bool> WaitForEventsAsync(TenantId tenant, long after, TimeSpan timeout, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<long> ReadHeadAsync(TenantId tenant, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<EventPage> ReadEventsAsync(TenantId tenant, long after, int limit, string? type = null, ChargeBoxId? charger = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public ValueTask<Page<Charger>> ListChargersAsync(TenantId tenant, bool? online, int limit, int offset, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public ValueTask<int> CountChargersAsync(TenantId tenant, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<string>> ListGatewaysAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Charger>> ListOnlineAtAsync(string gatewayId, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<Page<Transaction>> ListTransactionsAsync(TenantId tenant, TransactionFilter filter, int limit, int offset, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public ValueTask<Transaction?> FindTransactionAsync(TenantId tenant, int transactionId, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<EventPage> ReadTransactionEventsAsync(
            TenantId tenant, int transactionId, string? type, long after, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<int> CountOpenTransactionsAsync(TenantId tenant, string idTag, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ChargeBoxId>> ListDueChargersAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<RecordRow?> FindRecordAsync(RecordKey key, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<Page<RecordRow>> ListRecordsAsync(TenantId tenant, RecordFilter filter, int limit, int offset, CancellationToken cancellation = default) =>
            throw new NotSupportedException();
    }
}
