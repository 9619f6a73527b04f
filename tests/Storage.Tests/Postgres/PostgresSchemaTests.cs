using Capacitor.Storage.Postgres;
using Capacitor.Testing;
using Npgsql;

namespace Capacitor.Storage.Tests.Postgres;

public sealed class PostgresSchemaTests : IAsyncLifetime
{
    private string _database = "";

    public async Task InitializeAsync() => _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Prepare_EightAtOnceOnAnEmptyDatabase_AllSucceed()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CapacitorDatabase.PrepareAsync(_database))));

        Assert.Equal(6, await ScalarAsync(_database, "SELECT version FROM capacitor.schema_version"));
        Assert.Equal(8L, await ScalarAsync(_database, "SELECT count(*) FROM capacitor.partitions"));
    }

    [Fact]
    public async Task Prepare_Again_ChangesNothing()
    {
        await CapacitorDatabase.PrepareAsync(_database);
        using (var open = OpenJournal.Postgres(_database))
        {
            await open.Journal.CommitAsync(Make.Write("c/1", null, Make.Event("evt_1")));
        }
        await CapacitorDatabase.PrepareAsync(_database);
        using var again = OpenJournal.Postgres(_database);

        Assert.Equal(1, await again.Journal.ReadHeadAsync(Make.Tenant));
    }

    [Fact]
    public async Task Prepare_NewerDatabase_IsRefused()
    {
        await CapacitorDatabase.PrepareAsync(_database);
        await ScalarAsync(_database, "UPDATE capacitor.schema_version SET version = 99");

        var refused = await Assert.ThrowsAsync<DatabaseTooNewException>(() => CapacitorDatabase.PrepareAsync(_database));
        Assert.Contains("newer version of Capacitor (schema 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_RoleThatMayNot_SaysWhatToDo()
    {
        await ScalarAsync(_database, "CREATE ROLE powerless LOGIN");
        var powerless = new NpgsqlConnectionStringBuilder(_database) { Username = "powerless" }.ToString();

        var refused = await Assert.ThrowsAsync<DatabaseRightsException>(() => CapacitorDatabase.PrepareAsync(powerless));
        Assert.StartsWith("The role 'powerless' may not make the schema 'capacitor' in the database '", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_RoleThatMayOnlyUseTheTables_FindsThemAndGoesOn()
    {
        await CapacitorDatabase.PrepareAsync(_database);
        await ScalarAsync(_database, "CREATE ROLE reader LOGIN");
        await ScalarAsync(_database, "GRANT USAGE ON SCHEMA capacitor TO reader");
        await ScalarAsync(_database, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA capacitor TO reader");
        var reader = new NpgsqlConnectionStringBuilder(_database) { Username = "reader" }.ToString();
        await CapacitorDatabase.PrepareAsync(reader);
        using var open = OpenJournal.Postgres(reader);

        Assert.Equal(new CommitResult(false, 1), await open.Journal.CommitAsync(Make.Write("c/1", null, Make.Event("evt_1"))));
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using NpgsqlConnection connection = new(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
