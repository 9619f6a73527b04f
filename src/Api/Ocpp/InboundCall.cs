using Capacitor.Chargers;
using Capacitor.Ocpp;

namespace Capacitor.Api.Ocpp;

/// <summary>A CALL that waits for its turn, or what is wrong with it: bad ones are answered in their turn too.</summary>
internal readonly record struct InboundCall(ChargerCall Call, ChargerAnswer? Refusal, bool HasNumericId, long ArrivedAt)
{
    /// <summary>
    /// True for what a charger sends again until it is answered, with everything behind it waiting (OCPP 1.6 §4.1): never refused
    /// for a fault of ours.
    /// </summary>
    public bool MustSucceed => OcppFrame.NeedsResult(Call.Action);

    /// <summary>True when the same message may be processed twice without harm, and an old answer would be worse: it carries the time.</summary>
    public bool AlwaysFresh => Call.Action is "Heartbeat";

    /// <summary>Writes the answer as a frame of its own.</summary>
    public void Write(FrameBuffer output, ChargerAnswer answer)
    {
        if (answer.ErrorCode is null)
        {
            OcppFrameWriter.WriteCallResult(output, Call.MessageId, answer.Payload.Span, HasNumericId);
        }
        else if (HasNumericId)
        {
            OcppFrameWriter.WriteCallError(output, new OcppFrame
            {
                Kind = OcppFrameKind.BadCall,
                MessageId = Call.MessageId,
                HasNumericId = true,
                ErrorCode = answer.ErrorCode,
                ErrorDescription = answer.ErrorDescription,
            });
        }
        else
        {
            OcppFrameWriter.WriteCallError(output, Call.MessageId, answer.ErrorCode, answer.ErrorDescription);
        }
    }
}
