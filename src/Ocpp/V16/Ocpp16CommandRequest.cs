using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A request that may be sent, or what is wrong with it.</summary>
/// <param name="Payload">The JSON to send; empty when there are mistakes.</param>
/// <param name="Mistakes">Everything that is wrong; empty when it may be sent.</param>
public readonly record struct Ocpp16CommandRequest(ReadOnlyMemory<byte> Payload, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>True when it may be sent.</summary>
    public bool IsValid => Mistakes.Count == 0;
}
