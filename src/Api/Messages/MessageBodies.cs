using System.Globalization;
using System.Text;
using Capacitor.Api.Events;
using Capacitor.Api.Webhooks;
using Capacitor.Messages;

namespace Capacitor.Api.Messages;

/// <summary>What a charger said and was told.</summary>
internal sealed record MessageListBody(IReadOnlyList<ChargerMessageBody> Messages, CursorBody Pagination);

/// <summary>One frame. <c>Frame</c> is its text without secrets; <c>Size</c> counts the bytes on the wire, <c>IsTruncated</c> says that the end was left out.</summary>
internal sealed record ChargerMessageBody(
    string Id, string Direction, string Type, string? Action, string? MessageId, string Frame, int Size, bool IsTruncated, double? LatencyMs, DateTimeOffset Timestamp)
{
    private const string Prefix = "msg_";

    public static ChargerMessageBody Of(LoggedMessage message) => new(
        IdOf(message.Position), Word(message.Direction), Word(message.Kind), message.Action, message.MessageId, Encoding.UTF8.GetString(message.Text.Span),
        message.Size, message.IsCut, message.Latency?.TotalMilliseconds, MessagePosition.At(message.Position));

    public static string Word(MessageDirection direction) => direction == MessageDirection.In ? "in" : "out";

    public static string IdOf(long position) => $"{Prefix}{position:x16}";

    public static bool TryReadId(string id, out long position)
    {
        position = 0;
        return id.StartsWith(Prefix, StringComparison.Ordinal) && id.Length == Prefix.Length + 16
            && long.TryParse(id.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out position) && position >= 0;
    }

    private static string Word(MessageKind kind) => kind switch
    {
        MessageKind.Call => "call",
        MessageKind.Result => "result",
        MessageKind.Error => "error",
        _ => "unreadable",
    };
}
