using System.Buffers;
using System.Globalization;
using System.Text;
using Capacitor.Events;

namespace Capacitor.Api.Events;

/// <summary>
/// Events oldest first. Each is its stored webhook body, byte for byte, with <c>id</c>, <c>position</c> and its numbers put in front:
/// serialised once, when it happened, and never again.
/// </summary>
internal sealed class EventListResult(EventPage page, int limit) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var writer = httpContext.Response.BodyWriter;
        writer.Write("{\"events\":["u8);
        for (var i = 0; i < page.Events.Count; i++)
        {
            var item = page.Events[i];
            Write(writer, $"{(i == 0 ? "" : ",")}{{\"id\":\"{item.Id}\",\"position\":{item.Position},");
            WriteCount(writer, "sequence", item.Sequence);
            WriteCount(writer, "chargerSequence", item.ChargerSequence);
            writer.Write(item.Body.AsSpan(1)); // what follows the brace that opens the body
        }

        // ReadTo goes past events that the filters left out, so that a reader who follows the cursor never scans them twice.
        Write(writer, $"],\"pagination\":{{\"limit\":{limit},\"nextCursor\":\"{page.ReadTo}\"}}}}");
        await writer.FlushAsync(httpContext.RequestAborted);
    }

    private static void WriteCount(IBufferWriter<byte> writer, string name, long count)
    {
        if (count > 0)
        {
            Write(writer, $"\"{name}\":{count},");
        }
    }

    private static void Write(IBufferWriter<byte> writer, string text) => Encoding.UTF8.GetBytes(text, writer);
}
