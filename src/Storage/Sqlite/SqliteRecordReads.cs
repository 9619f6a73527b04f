using System.Text.Json;
using Capacitor.Events;
using Capacitor.Records;
using Capacitor.Tenants;

namespace Capacitor.Storage.Sqlite;

/// <summary>The queries on records. Each takes a connection that nobody else uses meanwhile.</summary>
internal static class SqliteRecordReads
{
    private const string Columns = "tenant, kind, id, charge_box_id, parent, status, at, expires_at, body";

    public static RecordRow? Find(SqliteDatabase database, RecordKey key)
    {
        var query = database.Prepare($"SELECT {Columns} FROM records WHERE tenant = ?1 AND kind = ?2 AND id = ?3")
            .Bind(1, key.Tenant.Value).Bind(2, key.Kind).Bind(3, key.Id);
        var found = SqliteReads.All(query, Record);
        return found.Count == 0 ? null : found[0];
    }

    public static Page<RecordRow> List(SqliteDatabase database, TenantId tenant, RecordFilter filter, int limit, int offset)
    {
        var where = new Conditions('?').And("tenant = ?", tenant.Value).And("kind = ?", filter.Kind)
            .And("charge_box_id = ?", filter.Charger?.Value)
            .And("parent = ?", filter.Parent)
            .And("status IN (SELECT value FROM json_each(?))", filter.Statuses is { } statuses ? JsonSerializer.Serialize(statuses) : null)
            .And("at >= ?", filter.From?.Micros())
            .And("at < ?", filter.To?.Micros());
        return SqliteReads.ReadPage(database, Columns, "records", where, "at DESC, id DESC", limit, offset, Record);
    }

    private static RecordRow Record(SqliteStatement row) => new()
    {
        Key = new(new(row.Text(0)), row.Text(1), row.Text(2)),
        Charger = new(row.TextOrNull(3) ?? ""),
        Parent = row.TextOrNull(4),
        Status = row.TextOrNull(5),
        At = SqliteTime.FromMicros(row.Long(6)),
        ExpiresAt = SqliteReads.TimeOrNull(row, 7),
        Body = row.Blob(8),
    };
}
