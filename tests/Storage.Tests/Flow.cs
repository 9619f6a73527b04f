using System.Globalization;
using Capacitor.Records;
using Capacitor.Tenants;

namespace Capacitor.Storage.Tests;

/// <summary>Writers that say what was acknowledged, line by line, until somebody kills the process.</summary>
internal static class Flow
{
    public const int Writers = 16;

    /// <summary>Two tenants take turns in one partition.</summary>
    public static TenantId TenantOf(int writer) => writer % 2 == 0 ? Make.Tenant : Make.Neighbour;

    public static string KeyOf(int writer) => "c/flow-" + writer.ToString(CultureInfo.InvariantCulture);

    /// <summary>A row that tells the version of the state.</summary>
    public static RecordRow RecordOf(int writer, long version) => Make.Record(KeyOf(writer)) with { Status = version.ToString(CultureInfo.InvariantCulture) };

    public static async Task RunAsync(string folder, TextWriter acknowledged)
    {
        using var open = OpenJournal.Sqlite(folder);
        var journal = open.Journal;
        var output = TextWriter.Synchronized(acknowledged);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(journal, writer, output))));
    }

    private static async Task WriteAsync(IJournal journal, int writer, TextWriter output)
    {
        var stored = await journal.ReadStateAsync("charger", KeyOf(writer));
        for (var version = stored.Version; ; version++)
        {
            JournalCommit commit = new()
            {
                Name = "charger",
                Key = KeyOf(writer),
                ExpectedVersion = version == 0 ? null : version,
                Payload = [1, 2, 3],
                Events = [Make.Event($"evt_{writer}_{version + 1}", TenantOf(writer))],
                Records = [RecordChange.Save(RecordOf(writer, version + 1))],
            };
            var result = await journal.CommitAsync(commit);
            output.WriteLine($"{writer} {result.Version}");
            output.Flush();
        }
    }
}
