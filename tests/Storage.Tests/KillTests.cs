using System.Diagnostics;
using System.Globalization;
using Capacitor.Tenants;

namespace Capacitor.Storage.Tests;

public sealed class KillTests
{
    [Fact]
    public async Task Kill_InFullFlow_LosesNothingThatWasAcknowledged()
    {
        using TemporaryFolder folder = new();
        var acknowledged = new long[Flow.Writers];
        for (var round = 0; round < 3; round++)
        {
            await RunAndKillAsync(folder.Path, acknowledged, lines: 2000);
        }

        using var open = OpenJournal.Sqlite(folder.Path);
        var partition = open.Journal.PartitionOf(Make.Tenant);
        List<string> events = [];
        Dictionary<TenantId, long> sequences = [];
        for (var position = 0L; ;)
        {
            var page = await open.Journal.ReadPartitionAsync(partition, position, 10_000);
            if (page.Count == 0)
            {
                break;
            }
            Assert.Equal(Enumerable.Range(1, page.Count).Select(n => position + n), page.Select(e => e.Position));
            Assert.All(page, e => Assert.Equal(sequences[e.Tenant] = sequences.GetValueOrDefault(e.Tenant) + 1, e.Sequence));
            events.AddRange(page.Select(e => e.Id));
            position = page[^1].Position;
        }
        for (var writer = 0; writer < Flow.Writers; writer++)
        {
            var version = (await open.Journal.ReadStateAsync("charger", Flow.KeyOf(writer))).Version;
            Assert.InRange(version, acknowledged[writer], long.MaxValue);
            // The state, its record and the events tell the same story, to the last one.
            Assert.Equal(Enumerable.Range(1, (int)version).Select(n => $"evt_{writer}_{n}"), events.Where(id => id.StartsWith($"evt_{writer}_", StringComparison.Ordinal)));
            Assert.Equal(Flow.RecordOf(writer, version).Status, (await open.Journal.FindRecordAsync(Flow.RecordOf(writer, 0).Key))?.Status);
        }
    }

    private static async Task RunAndKillAsync(string folder, long[] acknowledged, int lines)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(KillTests).Assembly.Location, "flow", folder])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            for (var n = 0; n < lines; n++)
            {
                Note(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The process ended by itself."));
            }
        }
        finally
        {
            process.Kill();
        }
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Note(line);
        }
        await process.WaitForExitAsync();

        void Note(string line)
        {
            // The last line may be torn by the kill.
            if (line.Split(' ') is [var writer, var version] && int.TryParse(writer, CultureInfo.InvariantCulture, out var index) && index < acknowledged.Length
                && long.TryParse(version, CultureInfo.InvariantCulture, out var number))
            {
                acknowledged[index] = Math.Max(acknowledged[index], number);
            }
        }
    }
}
