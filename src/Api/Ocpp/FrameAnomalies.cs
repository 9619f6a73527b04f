using Capacitor.Chargers;
using Capacitor.Ocpp;

namespace Capacitor.Api.Ocpp;

/// <summary>What was odd about the frames of one connection, counted until its grain is told. Made with the first.</summary>
internal sealed class FrameAnomalies
{
    private const int LongestAction = 50;

    private readonly Lock _gate = new();
    private readonly List<ChargerAnomaly> _counted = [];
    private int _toldAt = -1;

    /// <summary>Counts one more of a kind. True when it is time to tell: a charger that sends nothing else must not make a call of each.</summary>
    public bool Note(string kind, string? action, string detail, DateTimeOffset now, int tick)
    {
        action = action is { Length: > LongestAction } ? action[..LongestAction] : action;
        lock (_gate)
        {
            var index = _counted.FindIndex(counted => counted.Kind == kind);
            if (index < 0)
            {
                _counted.Add(new ChargerAnomaly { Kind = kind, Count = 1, FirstSeen = now, LastSeen = now, Action = action, Detail = detail });
            }
            else
            {
                _counted[index] = _counted[index] with { Count = _counted[index].Count + 1, LastSeen = now, Action = action, Detail = detail };
            }

            var isTime = _toldAt != tick;
            _toldAt = tick;
            return isTime;
        }
    }

    /// <summary>What has been counted since the last time; none when there is nothing.</summary>
    public ChargerAnomaly[] Take()
    {
        lock (_gate)
        {
            ChargerAnomaly[] taken = [.. _counted];
            _counted.Clear();
            return taken;
        }
    }

    /// <summary>What is odd about a frame besides its payload, in the words of the API; null: nothing.</summary>
    public static (string Kind, string Detail)? Judge(in OcppFrame frame) => frame.Kind switch
    {
        OcppFrameKind.Unreadable => ("unreadable_frame", frame.ErrorDescription ?? ""),
        OcppFrameKind.UnknownType => ("unknown_message_type", "The message type is none of OCPP 1.6."),
        OcppFrameKind.BadCall => ("malformed_call", frame.ErrorDescription ?? ""),
        OcppFrameKind.BadCallResult => ("malformed_answer", frame.ErrorDescription ?? ""),
        _ when frame.HasNumericId => ("numeric_message_id", "The message id should be a string."),
        _ when frame.HasLongId => ("long_message_id", $"The message id has {frame.MessageId!.Length} characters; at most {OcppFrame.SpecifiedMessageIdLength} are allowed."),
        _ => null,
    };
}
