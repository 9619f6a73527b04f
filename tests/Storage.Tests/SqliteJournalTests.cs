using Capacitor.Records;
using Capacitor.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Capacitor.Storage.Tests;

public sealed class SqliteJournalTests : JournalPromises
{
    private readonly TemporaryFolder _folder = new();

    private protected override OpenJournal Open() => OpenJournal.Sqlite(_folder.Path);

    private protected override void Cleanup() => _folder.Dispose();

    [Fact]
    public async Task Events_OfATrace_KeepItInTheFile()
    {
        const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using TemporaryFolder folder = new();
        using (var first = OpenJournal.Sqlite(folder.Path))
        {
            await first.Journal.AppendAsync([Make.Event("evt_1") with { TraceParent = TraceParent }, Make.Event("evt_2")]);
        }

        using var second = OpenJournal.Sqlite(folder.Path);
        var events = await second.Journal.ReadPartitionAsync(second.Journal.PartitionOf(Make.Tenant), 0, 10);
        Assert.Equal([TraceParent, null], events.Select(item => item.TraceParent));
    }

    [Fact]
    public async Task CommitAsync_DiskFull_FailsKeepsNothingAndGoesOnAfterwards()
    {
        var journal = (SqliteJournal)Journal;
        await journal.AppendAsync([Make.Event("evt_before")]);
        await LimitPagesAsync(journal, 1); // SQLite takes the present size instead
        var large = new byte[1 << 20];
        var failed = await Assert.ThrowsAsync<SqliteException>(async () =>
            await journal.CommitAsync(new() { Name = "charger", Key = "c/1", Payload = large, Events = [Make.Event("evt_lost"), Make.Event("evt_lost", Make.Neighbour)], Records = [RecordChange.Save(Make.Record("lost"))] }));
        Assert.Equal(SQLitePCL.raw.SQLITE_FULL, failed.SqliteErrorCode);
        Assert.Equal(1, await journal.ReadHeadAsync(Make.Tenant));
        await LimitPagesAsync(journal, 1 << 30);

        Assert.Equal(0, (await journal.ReadStateAsync("charger", "c/1")).Version);
        Assert.Null(await journal.FindRecordAsync(Make.Record("lost").Key));
        await journal.CommitAsync(Make.Write("c/1", null, Make.Event("evt_after"), Make.Event("evt_first", Make.Neighbour)));
        Assert.Equal([(1L, 1L, "evt_before"), (2L, 2L, "evt_after")], (await journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => (e.Position, e.Sequence, e.Id)));
        Assert.Equal([(3L, 1L, "evt_first")], (await journal.ReadEventsAsync(Make.Neighbour, 0, 10)).Events.Select(e => (e.Position, e.Sequence, e.Id)));
    }

    [Fact]
    public async Task WriteAsync_ManyRowsOfTheDeliveryLogWait_CommitsGoBeforeThemAndATransactionTakesAFew()
    {
        var journal = (SqliteJournal)Journal;
        using ManualResetEventSlim gate = new();
        List<string> written = [];
        var held = journal.WriteAsync(_ =>
        {
            gate.Wait();
            return 0;
        });
        var rows = Enumerable.Range(0, 5).Select(n => journal.WriteAsync(
            _ =>
            {
                written.Add($"rows {n}");
                return n < 4 ? n : throw new InvalidOperationException("The last one fails.");
            },
            IDeliveryLog.Batch)).ToArray();
        var commit = journal.WriteAsync(_ =>
        {
            written.Add("commit");
            return 0;
        });
        gate.Set();

        await Task.WhenAll([held, commit, .. rows[..4]]); // each in a transaction of its own, or the last would have failed others
        await Assert.ThrowsAsync<InvalidOperationException>(() => rows[4]);
        Assert.Equal(["commit", "rows 0", "rows 1", "rows 2", "rows 3", "rows 4"], written);
    }

    [Fact]
    public void Open_NewFolder_IsReadableByItsOwnerOnly()
    {
        _ = Journal;
        if (OperatingSystem.IsWindows())
        {
            return; // the folder's access list decides there
        }

        foreach (var file in Directory.EnumerateFiles(_folder.Path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Open_FolderInUse_SaysWhatToDo()
    {
        _ = Journal;
        var refused = Assert.Throws<DataDirectoryInUseException>(Open);

        Assert.Equal(
            $"The data directory '{_folder.Path}' is in use by another Capacitor process; stop it or set Capacitor:DataDirectory to another folder.", refused.Message);
    }

    [Fact]
    public void Open_LockFileThatCannotBeOpened_IsNotToldToBeInUse()
    {
        using TemporaryFolder folder = new();
        var file = Path.Combine(folder.Path, "capacitor.lock");
        File.CreateSymbolicLink(file, file);

        Assert.Throws<IOException>(() => new DataDirectory(folder.Path)); // not the kind for a folder in use, which derives from it
    }

    [Fact]
    public void Open_NewerSchema_IsRefused()
    {
        _ = Journal;
        Close();
        using (SqliteDatabase database = new(Path.Combine(_folder.Path, "capacitor.db"), readOnly: false))
        {
            database.Execute("PRAGMA user_version = 999");
        }

        Assert.Contains("newer version", Assert.Throws<DataDirectoryTooNewException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileFromBeforeSequencesAndDeliveries_CountsFromOne()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "capacitor.db"), []);
        using (SqliteDatabase old = new(Path.Combine(_folder.Path, "capacitor.db"), readOnly: false))
        {
            var row = ((long)Partitioning.PartitionOf(Make.Tenant, Partitioning.DefaultCount) << SqliteSchema.PositionBits) | 1;
            old.Execute(SecondSchema);
            old.Execute($"INSERT INTO events VALUES({row}, 'evt_old', 'charger.boot', '{Make.Tenant.Value}', 'CP-1', 0, x'7b7d', NULL)");
            old.Execute($"UPDATE partitions SET head = 1 WHERE partition = {Partitioning.PartitionOf(Make.Tenant, Partitioning.DefaultCount)}");
        }

        await Journal.AppendAsync([Make.Event("evt_new") with { ChargerSequence = 5 }]);
        Assert.Equal(
            [("evt_old", 1L, 0L, 0L), ("evt_new", 2L, 1L, 5L)],
            (await Journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => (e.Id, e.Position, e.Sequence, e.ChargerSequence)));
        await Deliveries.WriteAsync([Make.Delivery(1)]);
        Assert.NotNull(await Deliveries.FindAsync("wh_one", Make.Delivery(1).Id));
    }

    [Fact]
    public async Task Open_FileFromBeforeRecords_KeepsWhatIsThereAndTakesThem()
    {
        await Journal.CommitAsync(new() { Events = [Make.Event("evt_old")], Charger = Make.Charger("CP-1"), Transactions = [Make.Transaction(1) with { IdTag = "Tag" }] });
        Close();
        using (SqliteDatabase old = new(Path.Combine(_folder.Path, "capacitor.db"), readOnly: false))
        {
            old.Execute(BackToTheFourthSchema);
        }

        var journal = Reopen();
        await journal.CommitAsync(new() { Events = [Make.Event("evt_new") with { TransactionId = 1 }], Records = [RecordChange.Save(Make.Record("a"))] });
        Assert.Equal([("evt_old", null), ("evt_new", 1)], (await journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => (e.Id, e.TransactionId)));
        Assert.Equal("evt_new", Assert.Single((await journal.ReadTransactionEventsAsync(Make.Tenant, 1, null, 0, 10)).Events).Id);
        Assert.Equal(Make.Charger("CP-1"), Assert.Single((await journal.ListChargersAsync(Make.Tenant, null, 10, 0)).Items));
        Assert.Equal(1, await journal.CountOpenTransactionsAsync(Make.Tenant, "TAG"));
        Assert.NotNull(await journal.FindRecordAsync(Make.Record("a").Key));
    }

    // What the fifth step has added, taken away again.
    private const string BackToTheFourthSchema =
        """
        DROP TABLE records;
        DROP INDEX transactions_open_by_tag;
        DROP INDEX chargers_due; ALTER TABLE chargers DROP COLUMN watch_at;
        DROP INDEX events_by_transaction; ALTER TABLE events DROP COLUMN transaction_id;
        PRAGMA user_version = 4;
        """;

    // As files of that version have it.
    private const string SecondSchema =
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE states(name TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, payload BLOB, PRIMARY KEY(name, key)) WITHOUT ROWID;
        CREATE TABLE events(row INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, tenant TEXT NOT NULL,
            charge_box_id TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX events_by_tenant ON events(tenant);
        CREATE TABLE partitions(partition INTEGER PRIMARY KEY, head INTEGER NOT NULL, checkpoint INTEGER NOT NULL);
        CREATE TABLE chargers(key TEXT PRIMARY KEY, id TEXT NOT NULL, charge_box_id TEXT NOT NULL, tenant TEXT NOT NULL, name TEXT, location TEXT,
            registered_at INTEGER NOT NULL, is_online INTEGER NOT NULL, vendor TEXT, model TEXT, serial_number TEXT, firmware_version TEXT,
            last_heartbeat INTEGER, assume_protocol TEXT, gateway_id TEXT, epoch INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX chargers_by_registration ON chargers(tenant, registered_at, id);
        CREATE INDEX chargers_online ON chargers(gateway_id) WHERE is_online = 1;
        CREATE TABLE transactions(id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, charge_box_id TEXT NOT NULL COLLATE NOCASE, connector_id INTEGER NOT NULL,
            id_tag TEXT NOT NULL, meter_start INTEGER NOT NULL, start_time INTEGER NOT NULL, meter_stop INTEGER, stop_time INTEGER, stop_reason TEXT,
            meter_last INTEGER, remote_started INTEGER NOT NULL);
        CREATE INDEX transactions_by_tenant ON transactions(tenant);
        CREATE INDEX transactions_by_charger ON transactions(tenant, charge_box_id);
        CREATE INDEX transactions_open ON transactions(tenant) WHERE stop_time IS NULL;
        ALTER TABLE events ADD COLUMN trace_parent TEXT;
        INSERT INTO partitions VALUES(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (6, 0, 0), (7, 0, 0);
        PRAGMA user_version = 2;
        """;

    private static Task<bool> LimitPagesAsync(SqliteJournal journal, int pages) => journal.WriteAsync(writes =>
    {
        writes.Database.Execute($"PRAGMA max_page_count = {pages}");
        return true;
    });
}
