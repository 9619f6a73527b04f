using Capacitor.Webhooks;

namespace Capacitor.Storage.Sqlite;

/// <summary>The writer's statements on the delivery log.</summary>
internal sealed class SqliteDeliveryWrites(SqliteDatabase database)
{
    private readonly SqliteStatement _save = database.Prepare(
        """
        INSERT INTO deliveries(webhook, position, id, status, event_type, charge_box_id, event_at, event_id, tenant, created_at, updated_at, next_attempt_at,
            expires_at, attempt_count, budget, attempts)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT DO UPDATE SET status = ?4, updated_at = ?11, next_attempt_at = ?12, expires_at = ?13, attempt_count = ?14, budget = ?15, attempts = ?16
        WHERE attempt_count <= ?14
        """);

    private readonly SqliteStatement _expire = database.Prepare(
        """
        UPDATE deliveries SET status = ?4, updated_at = ?2, next_attempt_at = NULL WHERE (webhook, position, id) IN
            (SELECT webhook, position, id FROM deliveries INDEXED BY deliveries_pending WHERE status = 0 AND webhook = ?1 LIMIT ?3)
        """);

    private readonly SqliteStatement _remove = database.Prepare(
        "DELETE FROM deliveries WHERE (webhook, position, id) IN (SELECT webhook, position, id FROM deliveries WHERE webhook = ?1 LIMIT ?2)");

    private readonly SqliteStatement _deleteExpired = database.Prepare(
        """
        DELETE FROM deliveries WHERE (webhook, position, id) IN
            (SELECT webhook, position, id FROM deliveries INDEXED BY deliveries_ended WHERE status <> 0 AND expires_at < ?1 ORDER BY expires_at LIMIT ?2)
        """);

    /// <summary>Writes a row, unless the stored one has had more attempts.</summary>
    public void Save(DeliveryRecord row, byte[]? attempts) =>
        _save.Bind(1, row.WebhookId).Bind(2, row.Position).Bind(3, row.Id).Bind(4, (long)row.Status).Bind(5, row.EventType).Bind(6, row.ChargeBoxId.Value)
            .Bind(7, row.EventAt.Micros()).Bind(8, row.EventId).Bind(9, row.Tenant.Value).Bind(10, row.CreatedAt.Micros()).Bind(11, row.UpdatedAt.Micros())
            .Bind(12, row.NextAttemptAt?.Micros()).Bind(13, row.ExpiresAt.Micros()).Bind(14, row.AttemptCount).Bind(15, row.Budget).Bind(16, attempts).Run();

    /// <summary>Ends some of a webhook's pending deliveries; answers how many.</summary>
    public int ExpirePending(string webhookId, DateTimeOffset now, int limit)
    {
        _expire.Bind(1, webhookId).Bind(2, now.Micros()).Bind(3, limit).Bind(4, (long)DeliveryStatus.Expired).Run();
        return database.Changes;
    }

    /// <summary>Deletes some of a webhook's rows; answers how many.</summary>
    public int Remove(string webhookId, int limit)
    {
        _remove.Bind(1, webhookId).Bind(2, limit).Run();
        return database.Changes;
    }

    /// <summary>Deletes some rows whose time is over; answers how many.</summary>
    public int DeleteExpired(DateTimeOffset now, int limit)
    {
        _deleteExpired.Bind(1, now.Micros()).Bind(2, limit).Run();
        return database.Changes;
    }
}
