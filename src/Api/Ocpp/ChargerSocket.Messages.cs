using Capacitor.Api.Messages;
using Capacitor.Messages;
using Capacitor.Ocpp;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    private bool IsLogged => edge.Messages.IsOn && logged.Registration is not null;

    /// <summary>Logs what came. <paramref name="asked"/>: the command that it answers.</summary>
    private void LogReceived(in OcppFrame frame, ReadOnlyMemory<byte> text, SentCommand? asked)
    {
        if (!IsLogged)
        {
            return;
        }

        var kind = frame.Kind switch
        {
            OcppFrameKind.Call or OcppFrameKind.BadCall => MessageKind.Call,
            OcppFrameKind.CallResult or OcppFrameKind.BadCallResult => MessageKind.Result,
            OcppFrameKind.CallError => MessageKind.Error,
            _ => MessageKind.Unreadable,
        };
        TimeSpan? took = asked is { } sent ? edge.Time.GetElapsedTime(sent.At) : null;
        AddToLog(edge.Messages.NextPosition(), MessageDirection.In, new FrameNote(kind, frame.Action ?? asked?.Action, frame.MessageId, took), text);
    }

    private void LogSent(long position, in FrameNote message, FrameBuffer frame) => AddToLog(position, MessageDirection.Out, message, frame.Text);

    private void AddToLog(long position, MessageDirection direction, in FrameNote message, ReadOnlyMemory<byte> text)
    {
        var entry = new MessageEntry
        {
            Position = position,
            Charger = logged.Registration!,
            Tenant = logged.Tenant ?? "",
            Direction = direction,
            Kind = message.Kind,
            Action = MessageText.Cut(message.Action),
            Latency = message.Took is { } took ? (int)Math.Min(took.TotalMicroseconds, int.MaxValue) : -1,
            IdLength = 0,
            Start = 0,
            Length = 0,
            Size = text.Length,
        };
        edge.Messages.Add(entry, MessageText.Cut(message.MessageId), MessageText.Redact(message.Kind, message.Action, message.MessageId, text).Span);
    }
}
