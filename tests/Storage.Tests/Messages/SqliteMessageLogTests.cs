using Capacitor.Messages;
using Capacitor.Storage.Messages;
using Capacitor.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Capacitor.Storage.Tests.Messages;

public sealed class SqliteMessageLogTests : MessagePromises, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MessageLogDisk _disk = new();
    private DataDirectory? _directory;
    private SqliteMessageLog? _log;

    private string[] Files => [.. Directory.GetFiles(Path.Combine(_folder.Path, "messages"), "*.db").Select(Path.GetFileName).OfType<string>().Order()];

    private protected override IMessageLog Log => _log ?? Reopen();

    [Fact]
    public async Task Write_MakesOneFileForEachDayAndNumberOfDays()
    {
        await WriteAsync(new Blocks().Exchange(Blocks.Noon, "a").Exchange(Blocks.Noon.AddDays(1), "b").Exchange(Blocks.Noon, "c", charger: "chg_2", tenant: "other"));

        Assert.Equal(["2026-02-06.14.db", "2026-02-06.3.db", "2026-02-07.3.db"], Files);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.GetFiles(Path.Combine(_folder.Path, "messages")))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public async Task DeleteExpired_MoreThanTheDiskMayTake_OldestDaysGoFirst()
    {
        await WriteAsync(new Blocks().Exchange(Blocks.Noon, "a").Exchange(Blocks.Noon.AddDays(1), "b").Exchange(Blocks.Noon.AddDays(2), "c"));
        _disk.MaxDiskBytes = new DirectoryInfo(Path.Combine(_folder.Path, "messages")).GetFiles().Sum(file => file.Length) - 1;

        Assert.Equal(1, await Log.DeleteExpiredAsync(Blocks.Noon.AddDays(2)));
        Assert.Equal(["2026-02-07.3.db", "2026-02-08.3.db"], Files);
        await WriteAsync(new Blocks().Exchange(Blocks.Noon, "late"));
        Assert.Equal(["c", "c", "b", "b", "late", "late"], (await Log.ListAsync(Blocks.Charger, new(), MessagePosition.End, 10)).Messages.Select(one => one.MessageId));
    }

    [Fact]
    public async Task List_StrangersInTheFolder_AreLeftAlone()
    {
        await WriteAsync(new Blocks().Exchange(Blocks.Noon, "a"));
        var stranger = Path.Combine(_folder.Path, "messages", "notes.txt");
        await File.WriteAllTextAsync(stranger, "mine");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "messages", "2026-02-05.3.db"), ""); // a file that a crash left before its first table

        Assert.Equal(2, (await Log.ListAsync(Blocks.Charger, new(), MessagePosition.End, 10)).Messages.Count);
        await Log.DeleteExpiredAsync(Blocks.Noon.AddYears(1));
        Assert.Equal([], Files);
        Assert.True(File.Exists(stranger));
    }

    public void Dispose()
    {
        _log?.Dispose();
        _directory?.Dispose();
        _folder.Dispose();
    }

    private protected override IMessageLog Reopen()
    {
        _log?.Dispose();
        _directory?.Dispose();
        _directory = new(_folder.Path);
        return _log = new(_directory, Options.Create(_disk), NullLogger<SqliteMessageLog>.Instance);
    }
}
