namespace Capacitor.Grains.Chargers;

/// <summary>When and by which message something happened: what an event's id and timestamp are made of.</summary>
/// <param name="Now">The server's clock at receipt.</param>
/// <param name="Epoch">The connection's epoch.</param>
/// <param name="MessageId">OCPP's message id; empty for what no message caused.</param>
internal readonly record struct Occasion(DateTimeOffset Now, long Epoch, string MessageId);
