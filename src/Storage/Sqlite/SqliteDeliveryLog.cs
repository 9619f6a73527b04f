using Capacitor.Webhooks;
using Orleans.Serialization;

namespace Capacitor.Storage.Sqlite;

/// <summary>The delivery log in the journal's file. What it writes rides on the journal's transactions, and never goes before a commit.</summary>
internal sealed class SqliteDeliveryLog(SqliteJournal journal, Serializer serializer) : IDeliveryLog
{
    private readonly AttemptsCodec _codec = new(serializer);

    public async ValueTask WriteAsync(IReadOnlyList<DeliveryRecord> rows, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (rows.Count == 0)
        {
            return;
        }
        // Serialised here, not on the writer's thread.
        var packed = rows.Select(row => new PackedDelivery(row, _codec.Pack(row.Attempts))).ToArray();
        await journal.WriteAsync(
            writes =>
            {
                foreach (var (row, attempts) in packed)
                {
                    writes.Deliveries.Save(row, attempts);
                }
                return packed.Length;
            },
            packed.Length);
    }

    public ValueTask<DeliveryRecord?> FindAsync(string webhookId, string deliveryId, CancellationToken cancellation = default) =>
        DeliveryId.TryReadPosition(deliveryId, out var position)
            ? new(journal.Read((webhookId, position, deliveryId), (db, of) => SqliteDeliveryReads.Find(db, _codec, of.webhookId, of.position, of.deliveryId)))
            : default;

    public ValueTask<DeliveryPage> ListAsync(string webhookId, DeliveryFilter filter, string? before, int limit, CancellationToken cancellation = default)
    {
        var position = long.MaxValue;
        return before is null || DeliveryId.TryReadPosition(before, out position)
            ? journal.ReadAsync(db => SqliteDeliveryReads.List(db, _codec, webhookId, filter, position, before ?? "", limit), cancellation)
            : new(new DeliveryPage([], null));
    }

    public ValueTask<IReadOnlyList<DeliveryRecord>> ListPendingAsync(string webhookId, int limit, CancellationToken cancellation = default) =>
        journal.ReadAsync(db => SqliteDeliveryReads.ListPending(db, _codec, webhookId, limit), cancellation);

    public ValueTask<IReadOnlyList<long>> ListPositionsAsync(
        string webhookId, long after, long upTo, int limit, DeliveryStatus? status = null, CancellationToken cancellation = default) =>
        journal.ReadAsync(db => SqliteDeliveryReads.ListPositions(db, webhookId, after, upTo, limit, status), cancellation);

    public ValueTask<int> CountPendingAsync(string webhookId, CancellationToken cancellation = default) =>
        journal.ReadAsync(db => SqliteDeliveryReads.CountPending(db, webhookId), cancellation);

    public async ValueTask<int> ExpirePendingAsync(string webhookId, DateTimeOffset now, CancellationToken cancellation = default) =>
        await InBatchesAsync(writes => writes.Deliveries.ExpirePending(webhookId, now, IDeliveryLog.Batch), cancellation);

    public async ValueTask RemoveAsync(string webhookId, CancellationToken cancellation = default) =>
        await InBatchesAsync(writes => writes.Deliveries.Remove(webhookId, IDeliveryLog.Batch), cancellation);

    public async ValueTask<int> DeleteExpiredAsync(DateTimeOffset now) =>
        await journal.WriteAsync(writes => writes.Deliveries.DeleteExpired(now, IDeliveryLog.Batch), IDeliveryLog.Batch);

    private async Task<int> InBatchesAsync(Func<SqliteWrites, int> batch, CancellationToken cancellation)
    {
        var all = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var some = await journal.WriteAsync(batch, IDeliveryLog.Batch);
            all += some;
            if (some < IDeliveryLog.Batch)
            {
                return all;
            }
        }
    }
}
