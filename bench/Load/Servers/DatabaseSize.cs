using Npgsql;

namespace Capacitor.Load.Servers;

/// <summary>What a database of ours holds.</summary>
/// <param name="LogBytes">Of write-ahead log, ever written.</param>
/// <param name="BytesPerEvent">The table of events with its indexes, by the events in it.</param>
internal sealed record DatabaseSize(long LogBytes, double BytesPerEvent)
{
    public static async Task<DatabaseSize?> ReadAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint, pg_total_relation_size('capacitor.events')::float8 / greatest((SELECT sum(head) FROM capacitor.partitions), 1)::float8";
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new DatabaseSize(reader.GetInt64(0), reader.GetDouble(1));
    }
}
