namespace Capacitor.Webhooks;

/// <summary>The delivery log. Whatever was written before a call is seen by it.</summary>
public interface IDeliveryStore
{
    /// <summary>
    /// Writes rows, new or changed; durable before it completes, all or none. A stored row that has had more attempts than the new one stays as it is.
    /// </summary>
    ValueTask WriteAsync(IReadOnlyList<DeliveryRecord> rows, CancellationToken cancellation = default);

    /// <summary>One delivery, or null.</summary>
    ValueTask<DeliveryRecord?> FindAsync(string webhookId, string deliveryId, CancellationToken cancellation = default);

    /// <summary>A webhook's deliveries by position, newest first, from just before <paramref name="before"/> (an id); null: from the newest. At most <paramref name="limit"/>, 1 to 1,000.</summary>
    ValueTask<DeliveryPage> ListAsync(string webhookId, DeliveryFilter filter, string? before, int limit, CancellationToken cancellation = default);

    /// <summary>A webhook's pending deliveries, those that are due first.</summary>
    ValueTask<IReadOnlyList<DeliveryRecord>> ListPendingAsync(string webhookId, int limit, CancellationToken cancellation = default);

    /// <summary>
    /// The positions after <paramref name="after"/> and up to <paramref name="upTo"/> at which a webhook has a delivery, lowest first, at most <paramref name="limit"/>;
    /// tests are left out. Null: whatever its status.
    /// </summary>
    ValueTask<IReadOnlyList<long>> ListPositionsAsync(
        string webhookId, long after, long upTo, int limit, DeliveryStatus? status = null, CancellationToken cancellation = default);

    /// <summary>How many of a webhook's deliveries are pending.</summary>
    ValueTask<int> CountPendingAsync(string webhookId, CancellationToken cancellation = default);

    /// <summary>Ends all pending deliveries of a webhook as expired; answers how many.</summary>
    ValueTask<int> ExpirePendingAsync(string webhookId, DateTimeOffset now, CancellationToken cancellation = default);

    /// <summary>Forgets a webhook's deliveries.</summary>
    ValueTask RemoveAsync(string webhookId, CancellationToken cancellation = default);
}

/// <summary>Some of a webhook's deliveries. <paramref name="Next"/>: the id to read on before; null: there are no more.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.delivery-page")]
public sealed record DeliveryPage([property: Id(0)] IReadOnlyList<DeliveryRecord> Deliveries, [property: Id(1)] string? Next);
