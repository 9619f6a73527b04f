using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>The tables of the schema <c>capacitor</c>, and how older ones become newer ones: <c>schema_version</c> counts the <see cref="Steps"/> it has had.</summary>
internal static class PostgresSchema
{
    /// <summary>Where everything of ours is.</summary>
    public const string Name = "capacitor";

    // Any number, the same for ever: whoever holds this lock may change the tables.
    private const long MigrationLock = 4_715_321_869_004;

    private static readonly string[] Steps = ["1-journal.sql", "2-orleans.sql", "3-deliveries.sql", "4-sequences.sql", "5-records.sql", "6-messages.sql"];

    /// <summary>
    /// Brings the database to the newest schema; all of it or nothing. Any number of processes may do so at once.
    /// Throws <see cref="DatabaseTooNewException"/> and <see cref="DatabaseRightsException"/>.
    /// </summary>
    public static async Task ApplyAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            if (await IsCurrentAsync(connection, cancellation))
            {
                return; // by far the most frequent start, which needs no right to change tables
            }
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await ExecuteAsync(connection, $"SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({MigrationLock})", cancellation);
            if (!await IsCurrentAsync(connection, cancellation))
            {
                await MigrateAsync(connection, cancellation);
            }
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new DatabaseRightsException(connection.UserName!, connection.Database, e);
        }
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var version = await VersionAsync(connection, cancellation);
        if (version == 0)
        {
            await ExecuteAsync(
                connection,
                $"CREATE SCHEMA IF NOT EXISTS {Name}; CREATE TABLE {Name}.schema_version(version integer NOT NULL); INSERT INTO {Name}.schema_version VALUES(0)",
                cancellation);
        }
        for (; version < Steps.Length; version++)
        {
            await ExecuteAsync(connection, await ReadStepAsync(Steps[version], cancellation), cancellation);
            if (version == 0)
            {
                var last = Partitioning.DefaultCount - 1;
                await ExecuteAsync(
                    connection,
                    $"INSERT INTO {Name}.partitions SELECT n, 0 FROM generate_series(0, {last}) n; INSERT INTO {Name}.checkpoints SELECT n, 0 FROM generate_series(0, {last}) n",
                    cancellation);
            }
        }
        await ExecuteAsync(connection, $"UPDATE {Name}.schema_version SET version = {Steps.Length}", cancellation);
    }

    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var version = await VersionAsync(connection, cancellation);
        return version > Steps.Length ? throw new DatabaseTooNewException(version, Steps.Length) : version == Steps.Length;
    }

    /// <summary>0: nothing of ours is there.</summary>
    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'capacitor' AND tablename = 'schema_version')";
        if (!(bool)(await command.ExecuteScalarAsync(cancellation))!)
        {
            return 0;
        }
        command.CommandText = $"SELECT version FROM {Name}.schema_version";
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0; // others may be migrating, and a long table takes its time
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<string> ReadStepAsync(string name, CancellationToken cancellation)
    {
        var type = typeof(PostgresSchema);
        await using var stream = type.Assembly.GetManifestResourceStream($"{type.Namespace}.Schema.{name}")!;
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(cancellation);
    }
}
