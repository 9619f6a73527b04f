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
            await journal.CommitAsync(new() { Name = "charger", Key = "c/1", Payload = large, Events = [Make.Event("evt_lost")] }));
        Assert.Equal(SQLitePCL.raw.SQLITE_FULL, failed.SqliteErrorCode);
        Assert.Equal(1, await journal.ReadHeadAsync(Make.Tenant));
        await LimitPagesAsync(journal, 1 << 30);

        Assert.Equal(0, (await journal.ReadStateAsync("charger", "c/1")).Version);
        await journal.CommitAsync(Make.Write("c/1", null, Make.Event("evt_after")));
        Assert.Equal([(1L, "evt_before"), (2L, "evt_after")], (await journal.ReadEventsAsync(Make.Tenant, 0, 10)).Events.Select(e => (e.Position, e.Id)));
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

    private static Task<bool> LimitPagesAsync(SqliteJournal journal, int pages) => journal.WriteAsync(writes =>
    {
        writes.Database.Execute($"PRAGMA max_page_count = {pages}");
        return true;
    });
}
