using System.Globalization;
using System.Text;

namespace Capacitor.Testing;

/// <summary>A span as a collector gets it; ids in hex, the parent's empty for a root.</summary>
public sealed record ReceivedSpan(string Service, string TraceId, string SpanId, string ParentId, string Name, IReadOnlyDictionary<string, string> Tags)
{
    // Field numbers of opentelemetry/proto/{collector/trace,trace,common,resource}/v1.
    internal static IEnumerable<ReceivedSpan> ReadAll(byte[] request)
    {
        foreach (var (_, resourceSpans) in Fields(request).Where(field => field.Number == 1))
        {
            var parts = Fields(resourceSpans).ToList();
            var resource = parts.Where(part => part.Number == 1).SelectMany(part => Tagged(part.Value, 1)).ToDictionary();
            foreach (var (_, span) in parts.Where(part => part.Number == 2).SelectMany(part => Fields(part.Value)).Where(field => field.Number == 2))
            {
                var fields = Fields(span).ToList();
                yield return new ReceivedSpan(
                    resource["service.name"], Hex(fields, 1), Hex(fields, 2), Hex(fields, 4), Encoding.UTF8.GetString(One(fields, 5)), Tagged(span, 9).ToDictionary());
            }
        }
    }

    private static string Hex(List<(int Number, byte[] Value)> fields, int number) => Convert.ToHexStringLower(One(fields, number));

    private static byte[] One(List<(int Number, byte[] Value)> fields, int number) => fields.FirstOrDefault(field => field.Number == number).Value ?? [];

    private static IEnumerable<KeyValuePair<string, string>> Tagged(byte[] message, int number)
    {
        foreach (var (_, pair) in Fields(message).Where(field => field.Number == number))
        {
            var fields = Fields(pair).ToList();
            var (kind, value) = Fields(One(fields, 2)).First();
            yield return new(Encoding.UTF8.GetString(One(fields, 1)), kind == 1 ? Encoding.UTF8.GetString(value) : BitConverter.ToInt64(value).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<(int Number, byte[] Value)> Fields(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            byte[] value;
            switch (tag & 7)
            {
                case 0:
                    value = BitConverter.GetBytes(Varint(message, ref at));
                    break;
                case 1:
                    value = message[at..(at += 8)];
                    break;
                case 5:
                    value = message[at..(at += 4)];
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    value = message[at..(at += length)];
                    break;
            }

            yield return ((int)(tag >> 3), value);
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
