using Capacitor.Events;
using Capacitor.Webhooks;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Serialization;

namespace Capacitor.Storage.Postgres;

/// <summary>The delivery log in the cluster's database. The schema must have been applied.</summary>
internal sealed class PostgresDeliveryLog : IDeliveryLog, IDisposable
{
    private const string Columns =
        "webhook_id, position, id, tenant, event_id, event_type, charge_box_id, event_at, status, created_at, updated_at, next_attempt_at, expires_at, attempt_count, budget, attempts";

    private readonly PostgresReads _database;
    private readonly AttemptsCodec _codec;
    private readonly DeliveryWriter _writer;

    public PostgresDeliveryLog(CapacitorDatabase database, Serializer serializer, ILogger<PostgresDeliveryLog> logger)
    {
        _database = new(database.DataSource);
        _codec = new(serializer);
        _writer = new(_database, logger);
    }

    public async ValueTask WriteAsync(IReadOnlyList<DeliveryRecord> rows, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (rows.Count > 0)
        {
            await _writer.WriteAsync([.. rows.Select(row => new PackedDelivery(row, _codec.Pack(row.Attempts)))]);
        }
    }

    public async ValueTask<DeliveryRecord?> FindAsync(string webhookId, string deliveryId, CancellationToken cancellation = default)
    {
        if (!DeliveryId.TryReadPosition(deliveryId, out var position))
        {
            return null;
        }
        var found = await ReadAsync(
            $"SELECT {Columns} FROM capacitor.deliveries WHERE webhook_id = $1 AND position = $2 AND id = $3", [webhookId, position, deliveryId], cancellation);
        return found.Count == 0 ? null : found[0];
    }

    public async ValueTask<DeliveryPage> ListAsync(string webhookId, DeliveryFilter filter, string? before, int limit, CancellationToken cancellation = default)
    {
        var position = long.MaxValue;
        if (before is not null && !DeliveryId.TryReadPosition(before, out position))
        {
            return new([], null);
        }
        (long Position, string Id) from = (position, before ?? "");
        var end = filter == new DeliveryFilter() ? null : await ReadEndOfLookAsync(webhookId, from, cancellation);
        // One more than asked for tells whether there are more.
        var found = await ReadAsync(
            $"""
            SELECT {Columns} FROM capacitor.deliveries
            WHERE webhook_id = $1 AND (position, id) < ($2, $3) AND (position, id) >= ($4, $5)
                AND ($6::integer IS NULL OR status = $6) AND ($7::text IS NULL OR event_type = $7) AND ($8::text IS NULL OR charger_key = $8)
                AND ($9::timestamptz IS NULL OR event_at >= $9) AND ($10::timestamptz IS NULL OR event_at < $10)
                AND ($12::text[] IS NULL OR event_type = ANY ($12) OR ('{EventTypes.AnyCustom}' = ANY ($12) AND starts_with(event_type, '{EventTypes.CustomPrefix}')))
            ORDER BY position DESC, id DESC LIMIT $11
            """,
            [
                webhookId, from.Position, from.Id, end?.Position ?? 0L, end?.Id ?? "", (int?)filter.Status, filter.EventType,
                filter.ChargeBoxId is { } charger ? StoredText.ChargerKey(charger) : null, filter.From?.Stored(), filter.To?.Stored(), limit + 1, filter.EventTypes?.ToArray(),
            ],
            cancellation);
        return found.Count > limit ? new(found.Take(limit).ToArray(), found[limit - 1].Id) : new(found.ToArray(), end?.Id);
    }

    public async ValueTask<IReadOnlyList<DeliveryRecord>> ListPendingAsync(string webhookId, int limit, CancellationToken cancellation = default) =>
        (await ReadAsync(
            $"SELECT {Columns} FROM capacitor.deliveries WHERE webhook_id = $1 AND status = 0 ORDER BY next_attempt_at NULLS FIRST, position, id LIMIT $2",
            [webhookId, limit], cancellation)).ToArray();

    public async ValueTask<IReadOnlyList<long>> ListPositionsAsync(
        string webhookId, long after, long upTo, int limit, DeliveryStatus? status = null, CancellationToken cancellation = default) =>
        (await _database.ReadAsync(
            """
            SELECT DISTINCT position FROM capacitor.deliveries
            WHERE webhook_id = $1 AND position > $2 AND position <= $3 AND event_type <> $4 AND ($5::integer IS NULL OR status = $5)
            ORDER BY position LIMIT $6
            """,
            [PostgresText.Clean(webhookId), after, upTo, EventTypes.WebhookTest, (int?)status, limit], static row => row.GetInt64(0), cancellation)).ToArray();

    public async ValueTask<int> CountPendingAsync(string webhookId, CancellationToken cancellation = default) =>
        (int)(await _database.ReadAsync(
            "SELECT count(*) FROM capacitor.deliveries WHERE webhook_id = $1 AND status = 0",
            [PostgresText.Clean(webhookId)], static row => row.GetInt64(0), cancellation))[0];

    public ValueTask<int> ExpirePendingAsync(string webhookId, DateTimeOffset now, CancellationToken cancellation = default) =>
        InBatchesAsync(
            $"""
            UPDATE capacitor.deliveries SET status = {(int)DeliveryStatus.Expired}, updated_at = $2, next_attempt_at = NULL
            WHERE ctid = ANY (ARRAY(SELECT ctid FROM capacitor.deliveries WHERE webhook_id = $1 AND status = 0 LIMIT {IDeliveryLog.Batch} FOR UPDATE SKIP LOCKED))
            """,
            [PostgresText.Clean(webhookId), now.Stored()], cancellation);

    public async ValueTask RemoveAsync(string webhookId, CancellationToken cancellation = default) =>
        await InBatchesAsync(
            $"""
            DELETE FROM capacitor.deliveries
            WHERE ctid = ANY (ARRAY(SELECT ctid FROM capacitor.deliveries WHERE webhook_id = $1 ORDER BY position, id LIMIT {IDeliveryLog.Batch} FOR UPDATE SKIP LOCKED))
            """,
            [PostgresText.Clean(webhookId)], cancellation);

    public async ValueTask<int> DeleteExpiredAsync(DateTimeOffset now) =>
        await _database.ExecuteAsync(
            $"""
            DELETE FROM capacitor.deliveries WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM capacitor.deliveries WHERE status <> 0 AND expires_at < $1 ORDER BY expires_at LIMIT {IDeliveryLog.Batch} FOR UPDATE SKIP LOCKED))
            """,
            [now.Stored()], default);

    public void Dispose() => _writer.Dispose();

    /// <summary>Where a filter stops looking, the last that it looks at: only the index is read. Null: there are fewer rows.</summary>
    private async ValueTask<(long Position, string Id)?> ReadEndOfLookAsync(string webhookId, (long Position, string Id) from, CancellationToken cancellation)
    {
        var end = await _database.ReadAsync(
            """
            SELECT position, id FROM capacitor.deliveries WHERE webhook_id = $1 AND (position, id) < ($2, $3) ORDER BY position DESC, id DESC OFFSET $4 LIMIT 1
            """,
            [PostgresText.Clean(webhookId), from.Position, PostgresText.Clean(from.Id), IDeliveryLog.MostRowsLookedAt - 1],
            static row => (row.GetInt64(0), row.GetString(1)), cancellation);
        return end.Count == 0 ? null : end[0];
    }

    /// <summary>Rows that somebody is just writing are left to him: he comes afterwards, and nobody waits for another.</summary>
    private async ValueTask<int> InBatchesAsync(string sql, object?[] parameters, CancellationToken cancellation)
    {
        var all = 0;
        while (true)
        {
            var some = await _database.ExecuteAsync(sql, parameters, cancellation);
            all += some;
            if (some == 0)
            {
                return all;
            }
        }
    }

    private ValueTask<List<DeliveryRecord>> ReadAsync(string sql, object?[] parameters, CancellationToken cancellation) =>
        _database.ReadAsync(sql, [.. parameters.Select(value => value is string text ? PostgresText.Clean(text) : value)], Delivery, cancellation);

    private DeliveryRecord Delivery(NpgsqlDataReader row) => new()
    {
        WebhookId = row.GetString(0),
        Position = row.GetInt64(1),
        Id = row.GetString(2),
        Tenant = new(row.GetString(3)),
        EventId = row.GetString(4),
        EventType = StoredText.EventTypeOf(row.GetString(5)),
        ChargeBoxId = new(row.GetString(6)),
        EventAt = PostgresReads.Time(row, 7),
        Status = (DeliveryStatus)row.GetInt32(8),
        CreatedAt = PostgresReads.Time(row, 9),
        UpdatedAt = PostgresReads.Time(row, 10),
        NextAttemptAt = PostgresReads.TimeOrNull(row, 11),
        ExpiresAt = PostgresReads.Time(row, 12),
        AttemptCount = row.GetInt32(13),
        Budget = row.GetInt32(14),
        Attempts = _codec.Unpack(row.IsDBNull(15) ? null : row.GetFieldValue<byte[]>(15)),
    };
}
