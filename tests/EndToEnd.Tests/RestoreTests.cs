using Capacitor.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>Backups as docs/operations.md has them: made while it runs, restored elsewhere, and everything goes on from there.</summary>
public class RestoreTests
{
    [Fact]
    public async Task Cluster_ADumpInAnEmptyDatabase_GoesOnFromThere()
    {
        using var folder = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        var postgres = await PostgresServer.SharedAsync();
        var (database, restored) = (await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        var dump = Path.Combine(folder.Path, "dump");
        ChargingCustomer customer;
        await using (var cluster = await SmallCluster.StartAsync(folder.Path, database))
        {
            customer = await ChargingCustomer.BeginAsync(cluster.Api, receiver);
            await customer.ChargeWhileAsync(() => postgres.DumpAsync(database, dump));
            await cluster.StopAsync();
            await customer.LoseConnectionAsync();
        }

        await postgres.RestoreAsync(dump, restored);
        await ForgetMembersAsync(restored);
        await using var again = await SmallCluster.StartAsync(folder.Path, restored);
        await customer.GoOnAsync(again.Api);
    }

    [Fact]
    public async Task OneMachine_ABackupInAnEmptyDataDirectory_GoesOnFromThere()
    {
        using var data = new TemporaryDirectory();
        using var restored = new TemporaryDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        ChargingCustomer customer;
        await using (var server = await ServerProcess.StartAsync(data.Path))
        {
            customer = await ChargingCustomer.BeginAsync(server, receiver);
            await customer.ChargeWhileAsync(() => Task.Run(() => BackUp(data.Path, restored.Path)));
            Assert.Equal(0, await server.StopAsync());
            await customer.LoseConnectionAsync();
        }

        await using var again = await ServerProcess.StartAsync(restored.Path);
        await customer.GoOnAsync(again);
    }

    // What the command .backup of sqlite3 does; and the key that opens what is sealed in it.
    private static void BackUp(string from, string to)
    {
        using var source = new SqliteConnection($"Data Source={Path.Combine(from, "capacitor.db")};Mode=ReadOnly;Pooling=False");
        using var backup = new SqliteConnection($"Data Source={Path.Combine(to, "capacitor.db")};Pooling=False");
        source.Open();
        backup.Open();
        source.BackupDatabase(backup);
        File.Copy(Path.Combine(from, "secret-key"), Path.Combine(to, "secret-key"));
    }

    private static async Task ForgetMembersAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM capacitor.cluster_members";
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync()); // the silo that ran
    }
}
