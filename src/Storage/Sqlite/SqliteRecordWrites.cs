using Capacitor.Records;

namespace Capacitor.Storage.Sqlite;

/// <summary>The writer's statements on records.</summary>
internal sealed class SqliteRecordWrites(SqliteDatabase database)
{
    private readonly SqliteStatement _save = database.Prepare(
        """
        INSERT INTO records(tenant, kind, id, charge_box_id, parent, status, at, expires_at, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT(tenant, kind, id) DO UPDATE SET charge_box_id = ?4, parent = ?5, status = ?6, at = ?7, expires_at = ?8, body = ?9
        """);

    private readonly SqliteStatement _remove = database.Prepare("DELETE FROM records WHERE tenant = ?1 AND kind = ?2 AND id = ?3");

    private readonly SqliteStatement _deleteExpired = database.Prepare(
        "DELETE FROM records WHERE row IN (SELECT row FROM records WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)");

    /// <summary>Writes or removes a row.</summary>
    public void Apply(RecordChange change)
    {
        var (tenant, kind, id) = change.Key;
        var statement = change.Row is null ? _remove : _save;
        statement.Bind(1, tenant.Value).Bind(2, kind).Bind(3, id);
        if (change.Row is { } row)
        {
            statement.Bind(4, StoredText.ChargerOrNull(row.Charger)).Bind(5, row.Parent).Bind(6, row.Status).Bind(7, row.At.Micros())
                .Bind(8, row.ExpiresAt?.Micros()).Bind(9, row.Body);
        }
        statement.Run();
    }

    /// <summary>Deletes some rows whose time is over; answers how many.</summary>
    public int DeleteExpired(DateTimeOffset now, int limit)
    {
        _deleteExpired.Bind(1, now.Micros()).Bind(2, limit).Run();
        return database.Changes;
    }
}
