using Capacitor.Storage.Postgres;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>A database that processes of the version before sequences have written, and go on writing while newer ones run.</summary>
public sealed class MigrationTests : IAsyncLifetime
{
    private OldDatabase _old = null!;

    public async Task InitializeAsync() => _old = await OldDatabase.CreateAsync(2);

    public async Task DisposeAsync() => await _old.DisposeAsync();

    [Fact]
    public async Task Prepare_DatabaseOfTheVersionBefore_OldEventsHaveNoSequenceAndNewOnesCountFromOne()
    {
        Assert.Equal(2, await CommitAsTheVersionBeforeAsync("old", 2));
        await CapacitorDatabase.PrepareAsync(_old.ConnectionString);
        using var open = OpenJournal.Postgres(_old.ConnectionString);
        await open.Journal.AppendAsync([Make.Event("new") with { ChargerSequence = 7 }]);

        Assert.Equal(
            [("old", 1, 0, 0), ("old", 2, 0, 0), ("new", 3, 1, 7)],
            (await open.Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => (e.Id, e.Position, e.Sequence, e.ChargerSequence)));
    }

    [Fact]
    public async Task Commit_VersionBeforeBesideNewerOne_SequencesAreDense()
    {
        const int Each = 100;
        await CapacitorDatabase.PrepareAsync(_old.ConnectionString);
        using var open = OpenJournal.Postgres(_old.ConnectionString);
        var writing = Task.WhenAll(Enumerable.Range(0, Each).Select(n => open.Journal.AppendAsync([Make.Event($"new_{n}"), Make.Event($"other_{n}", Make.Neighbour)]).AsTask()));
        for (var n = 0; n < Each; n++)
        {
            await CommitAsTheVersionBeforeAsync("old", 3);
        }
        await writing;

        var events = (await open.Journal.ReadEventsAsync(Make.Tenant, 0, 1000)).Events;
        Assert.Equal(Enumerable.Range(1, 4 * Each).Select(n => (long)n), events.Select(e => e.Sequence));
        Assert.Equal(Enumerable.Range(1, Each).Select(n => (long)n), (await open.Journal.ReadEventsAsync(Make.Neighbour, 0, 1000)).Events.Select(e => e.Sequence));
        Assert.All(events, e => Assert.Equal(0, e.ChargerSequence));
    }

    [Fact]
    public async Task Commit_VersionBeforeWithEventsOfManyTenantsOrNone_AnswersTheHeadsOfThePartitions()
    {
        await CapacitorDatabase.PrepareAsync(_old.ConnectionString);
        using var open = OpenJournal.Postgres(_old.ConnectionString);
        await open.Journal.AppendAsync([Make.Event("new", Make.Neighbour)]);

        Assert.Null(await CallAsync(new() { ["insert_names"] = "{charger}", ["insert_keys"] = "{c/1}", ["insert_payloads"] = "{\\\\x01}" }));
        var heads = await CallAsync(new()
        {
            ["head_partitions"] = $"{{{open.Journal.PartitionOf(Make.Tenant)},{OtherPartition}}}",
            ["head_counts"] = "{3,2}",
            ["event_slots"] = "{1,1,1,2,2}",
            ["event_offsets"] = "{1,2,3,1,2}",
            ["event_ids"] = "{a,b,c,d,e}",
            ["event_types"] = "{t,t,t,t,t}",
            ["event_tenants"] = $"{{{Make.Tenant},{Make.Neighbour},{Make.Tenant},ten_else,ten_else}}",
            ["event_boxes"] = "{CP,CP,CP,CP,CP}",
            ["event_times"] = "{now,now,now,now,now}",
            ["event_bodies"] = "{\"\",\"\",\"\",\"\",\"\"}",
            ["event_traces"] = "{NULL,NULL,NULL,NULL,NULL}",
        });
        Assert.Equal<long>([4, 2], heads!);
        using var reader = OpenJournal.Postgres(_old.ConnectionString); // has nothing in memory yet
        Assert.Equal(1, (await reader.Journal.ReadStateAsync("charger", "c/1")).Version);
        Assert.Equal(
            [("new", 1), ("a", 1), ("b", 2), ("c", 2)],
            (await reader.Journal.ReadPartitionAsync(reader.Journal.PartitionOf(Make.Tenant), 0, 10)).Select(e => (e.Id, e.Sequence)));
        Assert.Equal([("d", 1), ("e", 2)], (await reader.Journal.ReadPartitionAsync(OtherPartition, 0, 10)).Select(e => (e.Id, e.Sequence)));
    }

    // Above the tenant's, since partitions are given in order.
    private static int OtherPartition => Partitioning.PartitionOf(Make.Tenant, Partitioning.DefaultCount) is < 7 and var one ? one + 1
        : throw new InvalidOperationException("The tenant of the tests is in the last partition.");

    /// <summary>Events of one tenant; answers its partition's head.</summary>
    private async Task<long> CommitAsTheVersionBeforeAsync(string id, int events)
    {
        var heads = await CallAsync(new()
        {
            ["head_partitions"] = $"{{{Partitioning.PartitionOf(Make.Tenant, Partitioning.DefaultCount)}}}",
            ["head_counts"] = $"{{{events}}}",
            ["event_slots"] = Each("1"),
            ["event_offsets"] = $"{{{string.Join(',', Enumerable.Range(1, events))}}}",
            ["event_ids"] = Each(id),
            ["event_types"] = Each("charger.boot"),
            ["event_tenants"] = Each(Make.Tenant.Value),
            ["event_boxes"] = Each("CP-1"),
            ["event_times"] = Each("now"),
            ["event_bodies"] = Each("\"\""),
            ["event_traces"] = Each("NULL"),
        });
        return heads![0];

        string Each(string value) => $"{{{string.Join(',', Enumerable.Repeat(value, events))}}}";
    }

    private Task<long[]?> CallAsync(Dictionary<string, string> arguments) => _old.CallAsync("commit_1", 50, arguments);
}
