using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Tenants;
using Npgsql;

namespace Capacitor.Storage.Postgres;

/// <summary>The queries on records.</summary>
internal sealed class PostgresRecordReads(PostgresReads database)
{
    private const string Columns = "tenant, kind, id, charge_box_id, parent, status, at, expires_at, body";

    public async ValueTask<RecordRow?> FindAsync(RecordKey key, CancellationToken cancellation)
    {
        var (tenant, kind, id) = PostgresText.Clean(key);
        var found = await database.ReadAsync(
            $"SELECT {Columns} FROM capacitor.records WHERE tenant = $1 AND kind = $2 AND id = $3", [tenant.Value, kind, id], Record, cancellation);
        return found.Count == 0 ? null : found[0];
    }

    public ValueTask<Page<RecordRow>> ListAsync(TenantId tenant, RecordFilter filter, int limit, int offset, CancellationToken cancellation)
    {
        var where = new Conditions('$').And("tenant = ?", tenant.Value).And("kind = ?", filter.Kind)
            .And("charger_key = ?", filter.Charger is { } charger ? PostgresText.Clean(StoredText.ChargerKey(charger)) : null)
            .And("parent = ?", PostgresText.Clean(filter.Parent))
            .And("status = ANY (?)", filter.Statuses?.Select(PostgresText.Clean).ToArray())
            .And("at >= ?", filter.From?.Stored())
            .And("at < ?", filter.To?.Stored());
        return database.ReadPageAsync(Columns, "capacitor.records", where, "at DESC, id DESC", limit, offset, Record, cancellation);
    }

    /// <summary>Rows that somebody is just writing are left to him, as those that another sweeper has.</summary>
    public async ValueTask<int> DeleteExpiredAsync(DateTimeOffset now, int limit) =>
        await database.ExecuteAsync(
            """
            DELETE FROM capacitor.records WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM capacitor.records WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """,
            [now.Stored(), limit], default);

    private static RecordRow Record(NpgsqlDataReader row) => new()
    {
        Key = new(new(row.GetString(0)), row.GetString(1), row.GetString(2)),
        Charger = new(PostgresReads.TextOrNull(row, 3) ?? ""),
        Parent = PostgresReads.TextOrNull(row, 4),
        Status = PostgresReads.TextOrNull(row, 5),
        At = PostgresReads.Time(row, 6),
        ExpiresAt = PostgresReads.TimeOrNull(row, 7),
        Body = row.GetFieldValue<byte[]>(8),
    };
}
