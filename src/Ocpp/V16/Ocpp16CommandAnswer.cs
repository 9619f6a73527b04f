using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A charger's answer to a command.</summary>
/// <param name="Status">The document's word, or what the charger sent in its place; null when the answer has none.</param>
/// <param name="IsSuccess">True when it says yes.</param>
/// <param name="Payload">The answer as JSON: as the document writes it, or as it came when that cannot be done.</param>
/// <param name="Anomalies">What was odd about it.</param>
public readonly record struct Ocpp16CommandAnswer(string? Status, bool IsSuccess, ReadOnlyMemory<byte> Payload, IReadOnlyList<Anomaly> Anomalies);
