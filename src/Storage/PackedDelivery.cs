using Capacitor.Webhooks;

namespace Capacitor.Storage;

/// <summary>A row on its way to the log, with its attempts as they are stored.</summary>
internal readonly record struct PackedDelivery(DeliveryRecord Row, byte[]? Attempts);
