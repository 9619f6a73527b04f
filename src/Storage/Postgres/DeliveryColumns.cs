using Capacitor.Webhooks;
using Npgsql;
using NpgsqlTypes;

namespace Capacitor.Storage.Postgres;

/// <summary>The rows of one statement: of each delivery only that with the most attempts, sorted, so that processes take their locks in one order.</summary>
internal sealed class DeliveryColumns
{
    public const string Statement =
        """
        INSERT INTO capacitor.deliveries(webhook_id, position, id, tenant, event_id, event_type, charge_box_id, charger_key, event_at, status, created_at,
            updated_at, next_attempt_at, expires_at, attempt_count, budget, attempts)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (webhook_id, position, id) DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at,
            next_attempt_at = excluded.next_attempt_at, expires_at = excluded.expires_at, attempt_count = excluded.attempt_count, budget = excluded.budget,
            attempts = excluded.attempts
        WHERE deliveries.attempt_count <= excluded.attempt_count
        """;

    private readonly Dictionary<(string, long, string), PackedDelivery> _rows = [];

    public void Add(PackedDelivery packed)
    {
        var key = (packed.Row.WebhookId, packed.Row.Position, packed.Row.Id);
        if (!_rows.TryGetValue(key, out var other) || other.Row.AttemptCount <= packed.Row.AttemptCount)
        {
            _rows[key] = packed;
        }
    }

    /// <summary>The statement's parameters.</summary>
    public NpgsqlParameter[] ToParameters()
    {
        var rows = _rows.Values.ToArray();
        Array.Sort(rows, ByKey);
        return
        [
            Column(rows, static one => PostgresText.Clean(one.Row.WebhookId), NpgsqlDbType.Text),
            Column(rows, static one => one.Row.Position, NpgsqlDbType.Bigint),
            Column(rows, static one => PostgresText.Clean(one.Row.Id), NpgsqlDbType.Text),
            Column(rows, static one => PostgresText.Clean(one.Row.Tenant.Value), NpgsqlDbType.Text),
            Column(rows, static one => PostgresText.Clean(one.Row.EventId), NpgsqlDbType.Text),
            Column(rows, static one => PostgresText.Clean(one.Row.EventType), NpgsqlDbType.Text),
            Column(rows, static one => PostgresText.Clean(one.Row.ChargeBoxId.Value), NpgsqlDbType.Text),
            Column(rows, static one => PostgresText.Clean(StoredText.ChargerKey(one.Row.ChargeBoxId)), NpgsqlDbType.Text),
            Column(rows, static one => one.Row.EventAt.Stored(), NpgsqlDbType.TimestampTz),
            Column(rows, static one => (int)one.Row.Status, NpgsqlDbType.Integer),
            Column(rows, static one => one.Row.CreatedAt.Stored(), NpgsqlDbType.TimestampTz),
            Column(rows, static one => one.Row.UpdatedAt.Stored(), NpgsqlDbType.TimestampTz),
            Column(rows, static one => one.Row.NextAttemptAt?.Stored(), NpgsqlDbType.TimestampTz),
            Column(rows, static one => one.Row.ExpiresAt.Stored(), NpgsqlDbType.TimestampTz),
            Column(rows, static one => one.Row.AttemptCount, NpgsqlDbType.Integer),
            Column(rows, static one => one.Row.Budget, NpgsqlDbType.Integer),
            Column(rows, static one => one.Attempts, NpgsqlDbType.Bytea),
        ];
    }

    private static int ByKey(PackedDelivery left, PackedDelivery right) =>
        string.CompareOrdinal(left.Row.WebhookId, right.Row.WebhookId) is not 0 and var webhook ? webhook
        : left.Row.Position.CompareTo(right.Row.Position) is not 0 and var position ? position
        : string.CompareOrdinal(left.Row.Id, right.Row.Id);

    private static NpgsqlParameter<T[]> Column<T>(PackedDelivery[] rows, Func<PackedDelivery, T> of, NpgsqlDbType type) =>
        new() { TypedValue = Array.ConvertAll(rows, row => of(row)), NpgsqlDbType = NpgsqlDbType.Array | type };
}
