using Capacitor.Records;
using Capacitor.Storage.Postgres;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>A database that processes of the version before records have written, and go on writing while newer ones run.</summary>
public sealed class RecordsMigrationTests : IAsyncLifetime
{
    private OldDatabase _old = null!;

    public async Task InitializeAsync() => _old = await OldDatabase.CreateAsync(4);

    public async Task DisposeAsync() => await _old.DisposeAsync();

    [Fact]
    public async Task Prepare_DatabaseOfTheVersionBefore_KeepsWhatIsThereAndTakesRecords()
    {
        await CommitAsTheVersionBeforeAsync("old");
        await SaveChargerAsTheVersionBeforeAsync(online: true);
        await CapacitorDatabase.PrepareAsync(_old.ConnectionString);
        using var open = OpenJournal.Postgres(_old.ConnectionString);
        await open.Journal.CommitAsync(new() { Events = [Make.Event("new") with { TransactionId = 7 }], Records = [RecordChange.Save(Make.Record("a"))] });

        Assert.Equal(
            [("old", 1, 1, null), ("new", 2, 2, 7)],
            (await open.Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => (e.Id, e.Position, e.Sequence, e.TransactionId)));
        Assert.Equal("new", Assert.Single((await open.Journal.ReadTransactionEventsAsync(Make.Tenant, 7, null, 0, 10)).Events).Id);
        Assert.Null(Assert.Single((await open.Journal.ListChargersAsync(Make.Tenant, null, 10, 0)).Items).WatchAt);
        Assert.NotNull(await open.Journal.FindRecordAsync(Make.Record("a").Key));
    }

    [Fact]
    public async Task Prepare_IndexOfTheEventsMadeBeforehand_IsTaken()
    {
        await _old.ExecuteAsync("ALTER TABLE capacitor.events ADD COLUMN transaction_id integer");
        await _old.ExecuteAsync("CREATE INDEX CONCURRENTLY events_by_transaction ON capacitor.events (transaction_id, position) WHERE transaction_id IS NOT NULL");
        await CommitAsTheVersionBeforeAsync("old");
        await CapacitorDatabase.PrepareAsync(_old.ConnectionString);
        using var open = OpenJournal.Postgres(_old.ConnectionString);
        await open.Journal.AppendAsync([Make.Event("new") with { TransactionId = 7 }]);

        Assert.Equal("new", Assert.Single((await open.Journal.ReadTransactionEventsAsync(Make.Tenant, 7, null, 0, 10)).Events).Id);
    }

    [Fact]
    public async Task Commit_VersionBeforeBesideNewerOne_SequencesAreDenseAndItsEventsTellOfNoTransaction()
    {
        const int Each = 50;
        await CapacitorDatabase.PrepareAsync(_old.ConnectionString);
        using var open = OpenJournal.Postgres(_old.ConnectionString);
        var writing = Task.WhenAll(Enumerable.Range(0, Each).Select(n => open.Journal.AppendAsync([Make.Event($"new_{n}") with { TransactionId = 1 }]).AsTask()));
        for (var n = 0; n < Each; n++)
        {
            await CommitAsTheVersionBeforeAsync($"old_{n}");
        }
        await writing;

        var events = (await open.Journal.ReadEventsAsync(Make.Tenant, 0, 1000)).Events;
        Assert.Equal(Enumerable.Range(1, 2 * Each).Select(n => (long)n), events.Select(e => e.Sequence));
        Assert.All(events, e => Assert.Equal(e.Id.StartsWith("new", StringComparison.Ordinal) ? 1 : null, e.TransactionId));
        Assert.Equal(Each, (await open.Journal.ReadTransactionEventsAsync(Make.Tenant, 1, null, 0, 1000)).Events.Count);
    }

    [Fact]
    public async Task Commit_ChargerByTheVersionBefore_LeavesWhenItIsToBeLookedAt()
    {
        await CapacitorDatabase.PrepareAsync(_old.ConnectionString);
        using var open = OpenJournal.Postgres(_old.ConnectionString);
        await open.Journal.CommitAsync(new() { Charger = Make.Charger("CP-1") with { WatchAt = Make.Noon } });
        await SaveChargerAsTheVersionBeforeAsync(online: true);

        var row = Assert.Single((await open.Journal.ListChargersAsync(Make.Tenant, null, 10, 0)).Items);
        Assert.Equal((true, Make.Noon), (row.IsOnline, row.WatchAt));
        Assert.Equal(Make.ChargeBox, Assert.Single(await open.Journal.ListDueChargersAsync(Make.Noon, 10)));
    }

    private Task<long[]?> CommitAsTheVersionBeforeAsync(string id) => CallAsync(new()
    {
        ["head_partitions"] = $"{{{Partitioning.PartitionOf(Make.Tenant, Partitioning.DefaultCount)}}}",
        ["head_counts"] = "{1}",
        ["event_slots"] = "{1}",
        ["event_offsets"] = "{1}",
        ["event_ids"] = $"{{{id}}}",
        ["event_types"] = "{charger.boot}",
        ["event_tenants"] = $"{{{Make.Tenant}}}",
        ["event_boxes"] = "{CP-1}",
        ["event_times"] = "{now}",
        ["event_bodies"] = "{\"\"}",
        ["event_traces"] = "{NULL}",
        ["tenant_names"] = $"{{{Make.Tenant}}}",
        ["tenant_counts"] = "{1}",
        ["event_tenant_slots"] = "{1}",
        ["event_tenant_offsets"] = "{1}",
        ["event_charger_sequences"] = "{0}",
    });

    private Task<long[]?> SaveChargerAsTheVersionBeforeAsync(bool online) => CallAsync(new()
    {
        ["charger_keys"] = "{CP-1}",
        ["charger_ids"] = "{chg_CP-1}",
        ["charger_names_of_box"] = "{CP-1}",
        ["charger_tenants"] = $"{{{Make.Tenant}}}",
        ["charger_names"] = "{NULL}",
        ["charger_locations"] = "{NULL}",
        ["charger_registrations"] = "{now}",
        ["charger_online"] = $"{{{online}}}",
        ["charger_vendors"] = "{NULL}",
        ["charger_models"] = "{NULL}",
        ["charger_serials"] = "{NULL}",
        ["charger_firmwares"] = "{NULL}",
        ["charger_heartbeats"] = "{NULL}",
        ["charger_protocols"] = "{NULL}",
        ["charger_gateways"] = "{NULL}",
        ["charger_epochs"] = "{3}",
    });

    private Task<long[]?> CallAsync(Dictionary<string, string> arguments) => _old.CallAsync("commit_2", 55, arguments);
}
