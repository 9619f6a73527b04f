using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Capacitor.Ocpp;

/// <summary>Writes frames of OCPP-J; payloads are copied as they are.</summary>
public static class OcppFrameWriter
{
    /// <summary>The longest description of a CALLERROR; what is longer is cut.</summary>
    public const int MaxDescriptionLength = 255;

    // Bytes that stand for themselves in a JSON string of ASCII.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c is not ('"' or '\\')).ToArray());

    /// <summary>Writes <c>[2,"id","action",payload]</c>; an empty payload is written as <c>{}</c>.</summary>
    public static void WriteCall(IBufferWriter<byte> output, string messageId, string action, ReadOnlySpan<byte> payload)
    {
        output.Write("[2,"u8);
        WriteText(output, messageId);
        output.Write(","u8);
        WriteText(output, action);
        output.Write(","u8);
        output.Write(payload.IsEmpty ? "{}"u8 : payload);
        output.Write("]"u8);
    }

    /// <summary>Writes <c>[3,"id",payload]</c>, the id as a number when it came as one; an empty payload is written as <c>{}</c>.</summary>
    public static void WriteCallResult(IBufferWriter<byte> output, string messageId, ReadOnlySpan<byte> payload, bool hasNumericId = false)
    {
        output.Write("[3,"u8);
        WriteId(output, messageId, hasNumericId);
        output.Write(","u8);
        output.Write(payload.IsEmpty ? "{}"u8 : payload);
        output.Write("]"u8);
    }

    /// <summary>Writes <c>[4,"id","code","description",{}]</c>.</summary>
    public static void WriteCallError(IBufferWriter<byte> output, string messageId, string code, string? description)
    {
        output.Write("[4,"u8);
        WriteText(output, messageId);
        WriteError(output, code, description);
    }

    /// <summary>Answers a <see cref="OcppFrameKind.BadCall"/> with its error, naming the id just as its sender did.</summary>
    public static void WriteCallError(IBufferWriter<byte> output, in OcppFrame badCall)
    {
        var id = badCall.MessageId ?? throw new ArgumentException("A frame without a message id cannot be answered.", nameof(badCall));
        output.Write("[4,"u8);
        WriteId(output, id, badCall.HasNumericId);
        WriteError(output, badCall.ErrorCode ?? Ocpp16ErrorCodes.GenericError, badCall.ErrorDescription);
    }

    private static void WriteId(IBufferWriter<byte> output, string id, bool isNumber)
    {
        if (isNumber)
        {
            Encoding.ASCII.GetBytes(id, output);
        }
        else
        {
            WriteText(output, id);
        }
    }

    private static void WriteError(IBufferWriter<byte> output, string code, string? description)
    {
        output.Write(","u8);
        WriteText(output, code);
        output.Write(","u8);
        WriteText(output, Cut(description ?? ""));
        output.Write(",{}]"u8);
    }

    private static string Cut(string description)
    {
        if (description.Length <= MaxDescriptionLength)
        {
            return description;
        }

        var isSplitPair = char.IsHighSurrogate(description[MaxDescriptionLength - 1]);
        return description[..(isSplitPair ? MaxDescriptionLength - 1 : MaxDescriptionLength)];
    }

    private static void WriteText(IBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            Encoding.ASCII.GetBytes(text, output);
        }
        else
        {
            // By way of UTF-8, which replaces lone surrogates; the encoder refuses them.
            output.Write(JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        }

        output.Write("\""u8);
    }
}
