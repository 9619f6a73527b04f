using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Capacitor.Grains.Events;

/// <summary>Writes what webhooks receive: <c>{"event","timestamp","data"}</c>. What is between <see cref="Begin"/> and <see cref="End"/> are the members of data.</summary>
internal static class EventJson
{
    // Reused per thread: bodies are made synchronously, thousands a second.
    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>The writer, within the data; good until <see cref="End"/>, on this thread only.</summary>
    public static Utf8JsonWriter Begin(string type, DateTimeOffset now)
    {
        var json = BeginRaw(type, now);
        json.WriteStartObject();
        return json;
    }

    /// <summary>As <see cref="Begin"/>, for data that is one value already; ended by <see cref="EndRaw"/>.</summary>
    public static Utf8JsonWriter BeginRaw(string type, DateTimeOffset now)
    {
        var scratch = _scratch ??= new Scratch();
        scratch.Buffer.ResetWrittenCount();
        scratch.Json.Reset();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("event"u8, type);
        WriteTime(json, "timestamp"u8, now);
        json.WritePropertyName("data"u8);
        return json;
    }

    /// <summary>The whole body.</summary>
    public static byte[] End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        return EndRaw(json);
    }

    /// <summary>The whole body.</summary>
    public static byte[] EndRaw(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        return _scratch!.Buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes <c>2026-02-06T14:30:00.000Z</c>: always three digits, always UTC.</summary>
    public static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[24];
        time.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
        json.WriteString(name, text[..length]);
    }

    /// <summary>As <see cref="WriteTime(Utf8JsonWriter, ReadOnlySpan{byte}, DateTimeOffset)"/>, or null.</summary>
    public static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            WriteTime(json, name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes a number, or null.</summary>
    public static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private sealed class Scratch
    {
        public Scratch() => Json = new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Json { get; }
    }
}
