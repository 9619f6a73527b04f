using System.Buffers;
using Capacitor.Ocpp;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;

namespace Capacitor.Cli.Simulate;

/// <summary>How a charger answers a call of the server.</summary>
internal sealed class CommandAnswer
{
    private readonly byte[]? _payload;
    private readonly string _errorCode = Ocpp16ErrorCodes.NotImplemented;

    private CommandAnswer(byte[]? payload) => _payload = payload;

    /// <summary>For everything that simulated chargers cannot do.</summary>
    public static CommandAnswer NotImplemented { get; } = new(payload: null);

    /// <summary>What the charger does once the answer is on its way.</summary>
    public Action? Then { get; private init; }

    public static CommandAnswer Of<T>(T payload, Action? then = null)
        where T : class, IPayload<T> => new(Ocpp16Writer.Serialize(payload)) { Then = then };

    public void Write(IBufferWriter<byte> output, string messageId)
    {
        if (_payload is null)
        {
            OcppFrameWriter.WriteCallError(output, messageId, _errorCode, "Simulated chargers do not know this action.");
        }
        else
        {
            OcppFrameWriter.WriteCallResult(output, messageId, _payload);
        }
    }
}
