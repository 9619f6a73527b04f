using Capacitor.Webhooks;
using Orleans.Serialization;

namespace Capacitor.Storage;

/// <summary>The attempts of a delivery as they are stored: one blob that only the log's own pages look into. Null: there were none.</summary>
internal sealed class AttemptsCodec(Serializer serializer)
{
    private readonly Serializer<DeliveryAttempt[]> _serializer = serializer.GetSerializer<DeliveryAttempt[]>();

    public byte[]? Pack(IReadOnlyList<DeliveryAttempt> attempts) =>
        attempts.Count == 0 ? null : _serializer.SerializeToArray([.. attempts.Select(Plain)]);

    public DeliveryAttempt[] Unpack(byte[]? stored) => stored is null ? [] : _serializer.Deserialize(stored)!;

    /// <summary>What a collection expression makes of an interface has no name that could be stored.</summary>
    private static DeliveryAttempt Plain(DeliveryAttempt attempt) =>
        attempt.ResponseHeaders is WebhookHeader[] ? attempt : attempt with { ResponseHeaders = attempt.ResponseHeaders.ToArray() };
}
