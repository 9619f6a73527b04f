using Capacitor.Records;
using Capacitor.Storage.Postgres;
using Capacitor.Testing;

namespace Capacitor.Storage.Tests.Postgres;

public sealed class PostgresJournalTests : JournalPromises, IAsyncLifetime
{
    private string _database = "";

    public async Task InitializeAsync()
    {
        _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(_database);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private protected override OpenJournal Open() => OpenJournal.Postgres(_database);

    [Fact]
    public async Task CommitAsync_TextThatPostgresCannotHold_FailsNobody()
    {
        var commits = Enumerable.Range(0, 50).Select(n => Journal.CommitAsync(new()
        {
            Name = "charger",
            Key = $"c/{n}",
            Payload = [1],
            Events = [Make.Event($"evt_{n}")],
            Charger = Make.Charger($"CP-{n}") with { Vendor = "\0", Model = "half \ud800 pair" },
            Transactions = [Make.Transaction(n + 1) with { IdTag = "TAG\0" }],
            Records = [RecordChange.Save(Make.Record(n % 2 == 0 ? "\0" : "\uFFFD") with { Charger = new("\0"), Parent = "\ud800", Status = "\0", Body = [0] })],
        }).AsTask());

        Assert.All(await Task.WhenAll(commits), result => Assert.False(result.IsConflict));
        Assert.Equal("TAG\uFFFD", (await Journal.FindTransactionAsync(Make.Tenant, 1))!.IdTag);
        Assert.Equal(50, await Journal.CountOpenTransactionsAsync(Make.Tenant, "tag\0"));
        Assert.Equal("\uFFFD", (await Journal.FindRecordAsync(Make.Record("\0").Key))!.Parent);
        Assert.Single((await Journal.ListRecordsAsync(Make.Tenant, new() { Kind = RecordKinds.Command, Charger = new("\0"), Statuses = ["\0"] }, 10, 0)).Items);
        Assert.Equal("half \uFFFD pair", (await Journal.ListChargersAsync(Make.Tenant, null, 1, 0)).Items[0].Model);
    }

    [Fact]
    public async Task CommitAsync_WhatCannotBeStoredAmongOthers_FailsAlone()
    {
        var commits = Enumerable.Range(0, 50)
            .Select(n => Journal.CommitAsync(Make.Write(n == 25 ? "c/\0" : $"c/{n}", null, Make.Event($"evt_{n}"))).AsTask()).ToArray();
        await Task.WhenAll(commits).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal([25], commits.Index().Where(commit => !commit.Item.IsCompletedSuccessfully).Select(commit => commit.Index));
        Assert.Equal(49, await Journal.ReadHeadAsync(Make.Tenant));
        Assert.Equal(49, await AssertDenseAsync([Make.Tenant]));
    }
}
