using System.Diagnostics;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Storage.Postgres;
using Capacitor.Tenants;
using Capacitor.Testing;

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
