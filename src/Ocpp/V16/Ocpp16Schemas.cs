using System.Text.Json.Nodes;
using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>What a message or a part of one must be, for those who write it.</summary>
public static class Ocpp16Schemas
{
    /// <summary>A JSON Schema of our own making, which the reader of <see cref="Ocpp16Command.Check"/> agrees with.</summary>
    public static JsonObject Of<T>()
        where T : class, IPayload<T> => T.Shape.Describe();
}
