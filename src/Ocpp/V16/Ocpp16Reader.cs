using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Reads payloads as chargers send them rather than as the document wants them, and says what it forgave. Never throws.</summary>
public static class Ocpp16Reader
{
    /// <summary>Reads a payload; an empty one and <c>null</c> stand for <c>{}</c>.</summary>
    public static Reading<T> Read<T>(ReadOnlySpan<byte> payload)
        where T : class, IPayload<T> => T.Shape.Read(payload);

    /// <summary>Reads a payload; an empty one and <c>null</c> stand for <c>{}</c>.</summary>
    public static Reading<T> Read<T>(ReadOnlyMemory<byte> payload)
        where T : class, IPayload<T> => T.Shape.Read(payload.Span);

    /// <summary>
    /// Reads a payload that one of our own users wrote: whatever the document does not allow is a <see cref="Mistake"/>. Members that it does not know are
    /// ignored, and are not in what is written again.
    /// </summary>
    public static StrictReading<T> ReadStrict<T>(ReadOnlySpan<byte> payload)
        where T : class, IPayload<T> => T.Shape.ReadStrict(payload);
}
