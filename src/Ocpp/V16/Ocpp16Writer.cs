using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Writes payloads: camelCase, nulls left out, times in UTC with milliseconds.</summary>
public static class Ocpp16Writer
{
    // Some chargers cannot read \u escapes, so only what JSON demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? t_own;

    /// <summary>The payload's JSON in UTF-8.</summary>
    public static byte[] Serialize<T>(T message)
        where T : class, IPayload<T>
    {
        var (buffer, json) = t_own ??= Create();
        buffer.ResetWrittenCount();
        json.Reset();
        JsonSerializer.Serialize(json, message, Types<T>.Info);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the payload's JSON in UTF-8.</summary>
    public static void Serialize<T>(IBufferWriter<byte> output, T message)
        where T : class, IPayload<T>
    {
        using var json = new Utf8JsonWriter(output, Options);
        JsonSerializer.Serialize(json, message, Types<T>.Info);
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) Create()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        return (buffer, new Utf8JsonWriter(buffer, Options));
    }

    private static class Types<T>
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)Ocpp16Json.Default.GetTypeInfo(typeof(T))!;
    }
}
