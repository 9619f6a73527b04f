using Capacitor.Storage.Postgres;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Npgsql;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>Old events are deleted beside those who write, and never in their way.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const int Old = 100;
    private const long Gate = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20); // below the time-out of a statement, which would let a writer go

    private string _database = "";
    private OpenJournal _openOne = null!;
    private OpenJournal _openTwo = null!;

    private IJournal One => _openOne.Journal;

    private IJournal Two => _openTwo.Journal;

    public async Task InitializeAsync()
    {
        _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await CapacitorDatabase.PrepareAsync(_database);
        (_openOne, _openTwo) = (OpenJournal.Postgres(_database), OpenJournal.Postgres(_database));
    }

    public Task DisposeAsync()
    {
        _openOne.Dispose();
        _openTwo.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Delete_HeldInTheMiddle_HoldsUpNoCommitOfItsPartition()
    {
        await One.AppendAsync([.. Enumerable.Range(0, Old).Select(n => Make.Event($"old_{n}"))]);
        await using NpgsqlConnection gate = new(_database + ";Pooling=false");
        await gate.OpenAsync();
        await ExecuteAsync(gate, $"""
            CREATE FUNCTION public.wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock_shared({Gate}); RETURN OLD; END';
            CREATE TRIGGER gate BEFORE DELETE ON capacitor.events FOR EACH ROW EXECUTE FUNCTION public.wait_at_the_gate();
            SELECT pg_advisory_lock({Gate});
            """);

        var deleting = One.DeleteEventsBeforeAsync(Make.Noon.AddDays(1), Old).AsTask();
        await UntilItWaitsAsync(gate);

        foreach (var journal in new[] { One, Two })
        {
            var version = (await journal.ReadStateAsync("charger", "c/1")).Version;
            var commit = Make.Write("c/1", version == 0 ? null : version, Make.Event($"young_{version}", at: Make.Noon.AddDays(2)));
            Assert.Equal(new CommitResult(false, version + 1), await journal.CommitAsync(commit).AsTask().WaitAsync(Patience));
        }

        Assert.Equal(0, await Two.DeleteEventsBeforeAsync(Make.Noon.AddDays(1), Old).AsTask().WaitAsync(Patience)); // nor the other's sweep
        Assert.False(deleting.IsCompleted);
        await ExecuteAsync(gate, $"SELECT pg_advisory_unlock({Gate})");
        Assert.Equal(Old, await deleting);
        Assert.Equal(["young_0", "young_1"], (await Two.ReadEventsAsync(Make.Tenant, 0, 1000)).Events.Select(e => e.Id));
    }

    [Fact]
    public async Task DeleteExpired_HeldInTheMiddle_HoldsUpNobodyWhoWritesOtherRows()
    {
        await _openOne.Deliveries.WriteAsync([.. Enumerable.Range(1, Old).Select(n => Make.Delivery(n))]);
        await using NpgsqlConnection gate = new(_database + ";Pooling=false");
        await gate.OpenAsync();
        await ExecuteAsync(gate, $"""
            CREATE FUNCTION public.wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock_shared({Gate}); RETURN OLD; END';
            CREATE TRIGGER gate BEFORE DELETE ON capacitor.deliveries FOR EACH ROW EXECUTE FUNCTION public.wait_at_the_gate();
            SELECT pg_advisory_lock({Gate});
            """);

        var deleting = _openOne.Deliveries.DeleteExpiredAsync(Make.Noon.AddDays(60)).AsTask();
        await UntilItWaitsAsync(gate);

        foreach (var open in new[] { _openOne, _openTwo })
        {
            await open.Deliveries.WriteAsync([Make.Delivery(Old + 1, DeliveryStatus.Pending)]).AsTask().WaitAsync(Patience);
        }
        Assert.Equal(0, await _openTwo.Deliveries.DeleteExpiredAsync(Make.Noon.AddDays(60)).AsTask().WaitAsync(Patience)); // nor the other's sweep
        Assert.False(deleting.IsCompleted);
        await ExecuteAsync(gate, $"SELECT pg_advisory_unlock({Gate})");
        Assert.Equal(Old, await deleting);
        Assert.Equal(Old + 1, Assert.Single((await _openTwo.Deliveries.ListAsync("wh_one", new(), null, 1000)).Deliveries).Position);
    }

    private static async Task UntilItWaitsAsync(NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {Gate} AND NOT granted";
        using CancellationTokenSource deadline = new(Patience);
        while (await command.ExecuteScalarAsync(deadline.Token) is 0L)
        {
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
