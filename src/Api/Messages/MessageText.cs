using System.Buffers;
using System.Text;
using Capacitor.Messages;
using Capacitor.Ocpp;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Messages;

/// <summary>What of a frame may be kept.</summary>
internal static class MessageText
{
    private const int LongestName = 255;

    // A text that cannot be read is worth seeing, unless it looks as if it told a setting or an address: nobody knows where in it the secret is.
    private static readonly SearchValues<string> Suspicious =
        SearchValues.Create(["key", "pass", "pwd", "secret", "token", "credential", "://", "\\u"], StringComparison.OrdinalIgnoreCase);

    private static readonly ReadOnlyMemory<byte> Hidden = Encoding.UTF8.GetBytes(Ocpp16Secrets.Redacted);

    /// <summary>A frame's text without secrets. For most it is the text itself, which then is not even looked at.</summary>
    public static ReadOnlyMemory<byte> Redact(MessageKind kind, string? action, string? messageId, ReadOnlyMemory<byte> text) => kind switch
    {
        MessageKind.Unreadable => IsSuspicious(text) ? Hidden : text,
        MessageKind.Error when action is Ocpp16Actions.ChangeConfiguration => WithoutDescription(messageId, text), // which may repeat the value
        _ => Ocpp16Secrets.Redact(action, text),
    };

    /// <summary>Names that a charger makes up may be as long as it likes.</summary>
    public static string? Cut(string? name) => name is { Length: > LongestName } ? name[..LongestName] : name;

    private static bool IsSuspicious(ReadOnlyMemory<byte> text) => Encoding.Latin1.GetString(text.Span).AsSpan().ContainsAny(Suspicious);

    private static ReadOnlyMemory<byte> WithoutDescription(string? messageId, ReadOnlyMemory<byte> text)
    {
        var error = OcppFrame.Read(text);
        var output = new ArrayBufferWriter<byte>();
        OcppFrameWriter.WriteCallError(output, messageId ?? "", error.ErrorCode ?? Ocpp16ErrorCodes.GenericError, Ocpp16Secrets.Redacted);
        return output.WrittenMemory;
    }
}
