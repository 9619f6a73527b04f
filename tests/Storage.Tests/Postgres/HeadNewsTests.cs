using Capacitor.Storage.Postgres;
using Capacitor.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>How a process learns of the others' commits: it is told, and it looks. Its clock stands still, so that it looks only when a test lets it.</summary>
public sealed class HeadNewsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private string _database = "";
    private OpenJournal _openWaiting = null!;
    private OpenJournal _openOther = null!;

    private IJournal Waiting => _openWaiting.Journal;

    private IJournal Other => _openOther.Journal;

    public async Task InitializeAsync()
    {
        _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(_database);
        (_openWaiting, _openOther) = (OpenJournal.Postgres(_database, _time), OpenJournal.Postgres(_database));
    }

    public Task DisposeAsync()
    {
        _openWaiting.Dispose();
        _openOther.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task WaitFor_TheOtherCommits_IsWokenByWhatTheOtherSays()
    {
        // It looks once when it begins to listen, which may find the first event, but none of those that follow.
        var partition = Waiting.PartitionOf(Make.Tenant);
        for (var n = 0; n < 10; n++)
        {
            var waiting = Waiting.WaitForAsync(partition, n, Patience, CancellationToken.None);
            await Other.AppendAsync([Make.Event($"evt_{n}")]);

            Assert.True(await waiting);
        }
    }

    [Fact]
    public async Task WaitFor_ACommitThatNobodySpeaksOf_IsFoundByLooking()
    {
        var partition = Waiting.PartitionOf(Make.Tenant);
        await Other.AppendAsync([Make.Event("evt_1")]);
        Assert.True(await Waiting.WaitForAsync(partition, 0, Patience, CancellationToken.None));
        var waiting = Waiting.WaitForAsync(partition, 1, Patience, CancellationToken.None).AsTask();

        // As one does who dies between the commit and the word.
        await using NpgsqlConnection connection = new(_database);
        await connection.OpenAsync();
        await using var commit = connection.CreateCommand();
        commit.CommandText = $"UPDATE capacitor.partitions SET head = head + 1 WHERE partition = {partition}";
        await commit.ExecuteNonQueryAsync();

        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield(); // the loop that looks may only now begin its next pause
        }

        Assert.True(await waiting);
    }
}
