using Capacitor.Storage.Postgres;
using Capacitor.Testing;
using Npgsql;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>A database as an older version made it, and a connection by which a process of that version goes on writing.</summary>
internal sealed class OldDatabase : IAsyncDisposable
{
    private static readonly string[] Steps = ["1-journal.sql", "2-orleans.sql", "3-deliveries.sql", "4-sequences.sql"];

    private readonly NpgsqlConnection _connection;

    private OldDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        _connection = new(connectionString + ";Pooling=false");
    }

    public string ConnectionString { get; }

    /// <param name="version">How many steps of the schema it has had.</param>
    public static async Task<OldDatabase> CreateAsync(int version)
    {
        OldDatabase database = new(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        await database._connection.OpenAsync();
        await database.ExecuteAsync(
            $"CREATE SCHEMA capacitor; CREATE TABLE capacitor.schema_version(version integer NOT NULL); INSERT INTO capacitor.schema_version VALUES({version})");
        foreach (var step in Steps[..version])
        {
            await using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream($"Capacitor.Storage.Postgres.Schema.{step}")!;
            using StreamReader reader = new(stream);
            await database.ExecuteAsync(await reader.ReadToEndAsync());
        }
        await database.ExecuteAsync(
            "INSERT INTO capacitor.partitions SELECT n, 0 FROM generate_series(0, 7) n; INSERT INTO capacitor.checkpoints SELECT n, 0 FROM generate_series(0, 7) n");
        return database;
    }

    /// <summary>Calls a function with what that version gives it; what is not said is empty.</summary>
    public async Task<long[]?> CallAsync(string function, int parameters, Dictionary<string, string> arguments)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT proargnames FROM pg_proc WHERE oid = 'capacitor.{function}'::regproc";
        var names = (string[])(await command.ExecuteScalarAsync())!;
        Assert.Equal(parameters, names.Length);
        Assert.Subset(names.ToHashSet(), arguments.Keys.ToHashSet());
        command.CommandText = $"SELECT capacitor.{function}({string.Join(", ", names.Select(name => $"{name} => '{arguments.GetValueOrDefault(name, "{}")}'"))})";
        return await command.ExecuteScalarAsync() as long[];
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
