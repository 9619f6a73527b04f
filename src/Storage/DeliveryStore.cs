using Capacitor.Webhooks;

namespace Capacitor.Storage;

/// <summary>To be written.</summary>
internal sealed class DeliveryStore : IDeliveryLog
{
    public ValueTask<int> DeleteExpiredAsync(DateTimeOffset now) => default;

    public ValueTask WriteAsync(IReadOnlyList<DeliveryRecord> rows, CancellationToken cancellation = default) => default;

    public ValueTask<DeliveryRecord?> FindAsync(string webhookId, string deliveryId, CancellationToken cancellation = default) => default;

    public ValueTask<DeliveryPage> ListAsync(string webhookId, DeliveryFilter filter, string? before, int limit, CancellationToken cancellation = default) => new(new DeliveryPage([], null));

    public ValueTask<IReadOnlyList<DeliveryRecord>> ListPendingAsync(string webhookId, int limit, CancellationToken cancellation = default) => new([]);

    public ValueTask<IReadOnlyList<long>> ListPositionsAsync(
        string webhookId, long after, long upTo, int limit, DeliveryStatus? status = null, CancellationToken cancellation = default) => new([]);

    public ValueTask<int> CountPendingAsync(string webhookId, CancellationToken cancellation = default) => default;

    public ValueTask<int> ExpirePendingAsync(string webhookId, DateTimeOffset now, CancellationToken cancellation = default) => default;

    public ValueTask RemoveAsync(string webhookId, CancellationToken cancellation = default) => default;
}
