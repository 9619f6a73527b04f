using System.Diagnostics;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Tenants;

namespace Capacitor.Storage.Tests;

/// <summary>Commits of a 400-byte state and a 300-byte event, every tenth with a transaction row, by writers that wait for each answer.</summary>
internal static class Measure
{
    public static async Task RunAsync(int writers, int seconds)
    {
        using TemporaryFolder folder = new();
        using var open = OpenJournal.Sqlite(folder.Path);
        await RunAsync(open.Journal, writers, 1); // warm
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var latencies = await RunAsync(open.Journal, writers, seconds);
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        latencies.Sort();
        Console.WriteLine(
            $"{writers} writers: {latencies.Count / seconds:N0} commits/s, {used.TotalMicroseconds / latencies.Count:N1} µs CPU per commit, " +
            $"p50 {At(0.5):N2} ms, p99 {At(0.99):N2} ms, p99.9 {At(0.999):N2} ms, max {latencies[^1]:N1} ms; " +
            $"log {new FileInfo(Path.Combine(folder.Path, "capacitor.db-wal")).Length >> 20} MiB, file {new FileInfo(Path.Combine(folder.Path, "capacitor.db")).Length >> 20} MiB");
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
