using System.Diagnostics;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Storage.Postgres;
using Capacitor.Tenants;
using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Storage.Tests;

/// <summary>Commits of a 400-byte state and a 300-byte event, every tenth with a transaction row, by writers that wait for each answer.</summary>
internal static class Measure
{
    public static async Task SqliteAsync(int writers, int seconds)
    {
        using TemporaryFolder folder = new();
        using var open = OpenJournal.Sqlite(folder.Path);
        await RunAsync(open.Journal, writers, seconds, () => TimeSpan.Zero);
        Console.WriteLine(
            $"log {new FileInfo(Path.Combine(folder.Path, "capacitor.db-wal")).Length >> 20} MiB, file {new FileInfo(Path.Combine(folder.Path, "capacitor.db")).Length >> 20} MiB");
    }

    /// <summary>The same on a PostgreSQL of its own, whose processor time counts too.</summary>
    public static async Task PostgresAsync(int writers, int seconds)
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(database);
        using var open = OpenJournal.Postgres(database);
        await RunAsync(open.Journal, writers, seconds, server.ProcessorTime);
    }

    /// <summary>Rows of the delivery log with one attempt each, by callers that write some of their webhook at once and wait for the answer.</summary>
    public static async Task SqliteDeliveriesAsync(int callers, int seconds, int rows)
    {
        using TemporaryFolder folder = new();
        using var open = OpenJournal.Sqlite(folder.Path);
        await DeliverAsync(open, callers, seconds, rows, () => TimeSpan.Zero);
        Console.WriteLine($"file {new FileInfo(Path.Combine(folder.Path, "capacitor.db")).Length >> 20} MiB");
    }

    /// <inheritdoc cref="SqliteDeliveriesAsync"/>
    public static async Task PostgresDeliveriesAsync(int callers, int seconds, int rows)
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(database);
        using var open = OpenJournal.Postgres(database);
        await DeliverAsync(open, callers, seconds, rows, server.ProcessorTime);
    }

    private static async Task DeliverAsync(OpenJournal open, int callers, int seconds, int rowsPerCall, Func<TimeSpan> databaseTime)
    {
        await DeliverForAsync(open, callers, 1, rowsPerCall, from: 0); // warm
        foreach (var withCommits in new[] { false, true })
        {
            var (own, database) = (Process.GetCurrentProcess().TotalProcessorTime, databaseTime());
            using CancellationTokenSource stop = new(TimeSpan.FromSeconds(seconds));
            var commits = withCommits ? WriteAsync(open.Journal, 0, stop.Token) : Task.FromResult(new List<double> { 0 });
            var rows = await DeliverForAsync(open, callers, seconds, rowsPerCall, from: withCommits ? 20_000_000 : 10_000_000);
            own = Process.GetCurrentProcess().TotalProcessorTime - own;
            database = databaseTime() - database;
            var latencies = (await commits).Order().ToArray();
            Console.WriteLine(
                $"{callers} callers: {rows / seconds:N0} rows/s, CPU per row {own.TotalMicroseconds / rows:N1} µs here and {database.TotalMicroseconds / rows:N1} µs in the database; " +
                $"{latencies.Length / seconds:N0} commits/s beside, p50 {latencies[latencies.Length / 2]:N2} ms, p99 {latencies[latencies.Length * 99 / 100]:N2} ms, max {latencies[^1]:N1} ms");
        }
    }

    private static async Task<int> DeliverForAsync(OpenJournal open, int callers, int seconds, int rowsPerCall, long from)
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(seconds));
        var rows = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var position = from;
            for (; !stop.IsCancellationRequested; position += rowsPerCall)
            {
                await open.Deliveries.WriteAsync([.. Enumerable.Range(1, rowsPerCall).Select(n => Delivered(position + n, $"wh_0123456789abcdef{caller:000}"))]);
            }
            return (int)(position - from);
        })));
        return rows.Sum();
    }

    private static DeliveryRecord Delivered(long position, string webhook) => Make.Delivery(position, webhook: webhook) with
    {
        Attempts =
        [
            Make.Attempt(1) with
            {
                Address = "203.0.113.7:443",
                Reused = true,
                FirstByte = TimeSpan.FromMilliseconds(11),
                ResponseHeaders = [new("Date", "Sun, 01 Mar 2026 12:00:00 GMT"), new("Content-Type", "application/json"), new("Server", "nginx/1.24.0")],
                Body = "{\"ok\":true}"u8.ToArray(),
            },
        ],
    };

    private static async Task RunAsync(IJournal journal, int writers, int seconds, Func<TimeSpan> databaseTime)
    {
        await RunAsync(journal, writers, 1); // warm
        var (own, database) = (Process.GetCurrentProcess().TotalProcessorTime, databaseTime());
        var latencies = await RunAsync(journal, writers, seconds);
        own = Process.GetCurrentProcess().TotalProcessorTime - own;
        database = databaseTime() - database;
        latencies.Sort();
        Console.WriteLine(
            $"{writers} writers: {latencies.Count / seconds:N0} commits/s, CPU per commit {own.TotalMicroseconds / latencies.Count:N1} µs here and " +
            $"{database.TotalMicroseconds / latencies.Count:N1} µs in the database, p50 {At(0.5):N2} ms, p99 {At(0.99):N2} ms, p99.9 {At(0.999):N2} ms, max {latencies[^1]:N1} ms");
        double At(double share) => latencies[(int)(latencies.Count * share)];
    }

    private static async Task<List<double>> RunAsync(IJournal journal, int writers, int seconds)
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(seconds));
        var runs = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(journal, writer, stop.Token))));
        return [.. runs.SelectMany(run => run)];
    }

    private static async Task<List<double>> WriteAsync(IJournal journal, int writer, CancellationToken stop)
    {
        List<double> latencies = [];
        var key = "c/CP" + writer;
        var stored = await journal.ReadStateAsync("charger", key);
        long? version = stored.Version == 0 ? null : stored.Version;
        TenantId tenant = new("ten_measure");
        ChargeBoxId charger = new("CP" + writer);
        var body = new byte[300];
        var payload = new byte[400];
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var began = Stopwatch.GetTimestamp();
            var result = await journal.CommitAsync(new()
            {
                Name = "charger",
                Key = key,
                ExpectedVersion = version,
                Payload = payload,
                Events = [new() { Id = "evt_0123456789abcdef0123", Type = EventTypes.ConnectorStatusChanged, Tenant = tenant, ChargeBoxId = charger, At = Make.Noon, Body = body }],
                Transactions = n % 10 == 0 ? [Make.Transaction((writer * 10_000) + (n / 100), charger.Value, tenant)] : [],
            });
            version = result.Version;
            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return latencies;
    }
}
