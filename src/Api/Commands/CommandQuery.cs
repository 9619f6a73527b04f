using System.Buffers;
using System.Text.Json;

namespace Capacitor.Api.Commands;

/// <summary>Makes an OCPP payload of query parameters.</summary>
internal static class CommandQuery
{
    /// <summary>Those that are there, as texts or whole numbers; below a member of its own when <paramref name="within"/> names one.</summary>
    public static ReadOnlyMemory<byte> ToPayload(HttpRequest request, string[] words, string[] numbers, string? within = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (within is not null)
        {
            json.WriteStartObject(within);
        }

        foreach (var word in words)
        {
            if (Query.Text(request, word) is { } text)
            {
                json.WriteString(word, text);
            }
        }

        foreach (var number in numbers)
        {
            if (Query.Text(request, number) is not null)
            {
                json.WriteNumber(number, Query.Number(request, number, 0, 0, int.MaxValue));
            }
        }

        if (within is not null)
        {
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
