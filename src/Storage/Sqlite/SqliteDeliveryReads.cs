using Capacitor.Events;
using Capacitor.Webhooks;

namespace Capacitor.Storage.Sqlite;

/// <summary>The queries on the delivery log. Each takes a connection that nobody else uses meanwhile.</summary>
internal static class SqliteDeliveryReads
{
    private const string Columns =
        "webhook, position, id, status, event_type, charge_box_id, event_at, event_id, tenant, created_at, updated_at, next_attempt_at, expires_at, attempt_count, budget, attempts";

    private const int IdColumn = 2;
    private const int MatchColumn = 16;

    public static DeliveryRecord? Find(SqliteDatabase database, AttemptsCodec codec, string webhookId, long position, string id)
    {
        var query = database.Prepare($"SELECT {Columns} FROM deliveries WHERE webhook = ?1 AND position = ?2 AND id = ?3")
            .Bind(1, webhookId).Bind(2, position).Bind(3, id);
        var found = SqliteReads.All(query, row => Delivery(row, codec));
        return found.Count == 0 ? null : found[0];
    }

    public static DeliveryPage List(
        SqliteDatabase database, AttemptsCodec codec, string webhookId, DeliveryFilter filter, long beforePosition, string beforeId, int limit)
    {
        var query = database.Prepare(
            $"""
            SELECT {Columns}, (?4 IS NULL OR status = ?4) AND (?5 IS NULL OR event_type = ?5) AND (?6 IS NULL OR charge_box_id = ?6)
                AND (?7 IS NULL OR event_at >= ?7) AND (?8 IS NULL OR event_at < ?8) AND (?9 IS NULL OR instr(?9, ',' || event_type || ',') > 0
                    OR (instr(?9, ',{EventTypes.AnyCustom},') > 0 AND event_type GLOB '{EventTypes.AnyCustom}'))
            FROM deliveries WHERE webhook = ?1 AND (position, id) < (?2, ?3) ORDER BY position DESC, id DESC
            """)
            .Bind(1, webhookId).Bind(2, beforePosition).Bind(3, beforeId).Bind(4, (long?)filter.Status).Bind(5, filter.EventType)
            .Bind(6, filter.ChargeBoxId?.Value).Bind(7, filter.From?.Micros()).Bind(8, filter.To?.Micros())
            .Bind(9, filter.EventTypes is { } types ? $",{string.Join(',', types)}," : null);
        List<DeliveryRecord> found = [];
        try
        {
            string? last = null;
            for (var looked = 0; query.Step(); looked++)
            {
                if (found.Count == limit || looked == IDeliveryLog.MostRowsLookedAt)
                {
                    return new(found.ToArray(), last);
                }
                if (query.Long(MatchColumn) != 0)
                {
                    found.Add(Delivery(query, codec));
                }
                if (found.Count == limit || looked == IDeliveryLog.MostRowsLookedAt - 1)
                {
                    last = query.Text(IdColumn);
                }
            }
            return new(found.ToArray(), null);
        }
        finally
        {
            query.Reset();
        }
    }

    public static IReadOnlyList<DeliveryRecord> ListPending(SqliteDatabase database, AttemptsCodec codec, string webhookId, int limit)
    {
        var query = database.Prepare(
            $"SELECT {Columns} FROM deliveries INDEXED BY deliveries_pending WHERE status = 0 AND webhook = ?1 ORDER BY next_attempt_at, position, id LIMIT ?2")
            .Bind(1, webhookId).Bind(2, limit);
        return SqliteReads.All(query, row => Delivery(row, codec)).ToArray();
    }

    public static IReadOnlyList<long> ListPositions(SqliteDatabase database, string webhookId, long after, long upTo, int limit, DeliveryStatus? status)
    {
        var query = database.Prepare(
            """
            SELECT DISTINCT position FROM deliveries WHERE webhook = ?1 AND position > ?2 AND position <= ?3 AND (?5 IS NULL OR status = ?5) AND event_type <> ?6
            ORDER BY position LIMIT ?4
            """)
            .Bind(1, webhookId).Bind(2, after).Bind(3, upTo).Bind(4, limit).Bind(5, (long?)status).Bind(6, Events.EventTypes.WebhookTest);
        return SqliteReads.All(query, static row => row.Long(0)).ToArray();
    }

    public static int CountPending(SqliteDatabase database, string webhookId) =>
        (int)SqliteReads.One(database.Prepare("SELECT COUNT(*) FROM deliveries INDEXED BY deliveries_pending WHERE status = 0 AND webhook = ?1").Bind(1, webhookId));

    private static DeliveryRecord Delivery(SqliteStatement row, AttemptsCodec codec) => new()
    {
        WebhookId = row.Text(0),
        Position = row.Long(1),
        Id = row.Text(IdColumn),
        Status = (DeliveryStatus)row.Long(3),
        EventType = StoredText.EventTypeOf(row.Text(4)),
        ChargeBoxId = new(row.Text(5)),
        EventAt = SqliteTime.FromMicros(row.Long(6)),
        EventId = row.Text(7),
        Tenant = new(row.Text(8)),
        CreatedAt = SqliteTime.FromMicros(row.Long(9)),
        UpdatedAt = SqliteTime.FromMicros(row.Long(10)),
        NextAttemptAt = row.LongOrNull(11) is { } next ? SqliteTime.FromMicros(next) : null,
        ExpiresAt = SqliteTime.FromMicros(row.Long(12)),
        AttemptCount = (int)row.Long(13),
        Budget = (int)row.Long(14),
        Attempts = codec.Unpack(row.IsNull(15) ? null : row.Blob(15)),
    };
}
