using System.Runtime.InteropServices;
using System.Text.Json;
using Capacitor.Events;

namespace Capacitor.Api.Transactions;

/// <summary>Some of a transaction's meter values, as the bodies of its events have them, byte for byte.</summary>
internal sealed class MeterValuePage(int limit, MeterValueCursor cursor) : IResult
{
    private readonly List<ReadOnlyMemory<byte>> _values = [];
    private bool _isMore;

    /// <summary>Where to read on.</summary>
    public MeterValueCursor Cursor { get; private set; } = cursor;

    /// <summary>Takes the values of the next events. False when there are more than the page takes.</summary>
    public bool Take(IReadOnlyList<JournalEvent> events)
    {
        foreach (var item in events)
        {
            using var body = JsonDocument.Parse(item.Body);
            var values = body.RootElement.GetProperty("data"u8).GetProperty("meterValues"u8);
            foreach (var value in values.EnumerateArray().Skip(Cursor.Skip))
            {
                if (_values.Count == limit)
                {
                    _isMore = true;
                    return false;
                }

                _values.Add(JsonMarshal.GetRawUtf8Value(value).ToArray());
                Cursor = Cursor with { Skip = Cursor.Skip + 1 };
            }

            Cursor = new(item.Position, 0);
        }

        return true;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("meterValues"u8);
        foreach (var value in _values)
        {
            json.WriteRawValue(value.Span, skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteStartObject("pagination"u8);
        json.WriteNumber("limit"u8, limit);
        json.WriteString("nextCursor"u8, _isMore ? Cursor.ToString() : null);
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(httpContext.RequestAborted);
    }
}
