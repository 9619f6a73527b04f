using System.Text;
using System.Text.Json;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A point in time; one that cannot be understood is no reason to refuse a message, the time of receipt will do.</summary>
internal sealed class TimeField<T>(string name, Need need, Action<T, DateTimeOffset?> set) : Field<T>(name, need)
{
    public override void Read(ref PayloadReader reader, T target)
    {
        if (reader.Json.TokenType == JsonTokenType.String && !reader.Json.ValueIsEscaped
            && Timestamp.TryParseStrict(reader.Json.ValueSpan, out var time))
        {
            set(target, time);
        }
        else if (TryReadOdd(ref reader, out time))
        {
            reader.Note(AnomalyKind.OddTimestamp, "should be written like 2025-01-31T12:00:00.000Z.");
            set(target, time);
        }
        else
        {
            reader.Note(AnomalyKind.UnreadableTimestamp, "is no time and is taken for absent.");
        }
    }

    private static bool TryReadOdd(ref PayloadReader reader, out DateTimeOffset time)
    {
        switch (reader.Json.TokenType)
        {
            case JsonTokenType.String:
                return Timestamp.TryParseWide(JsonText.Read(ref reader.Json, out _), out time);
            case JsonTokenType.Number:
                return Timestamp.TryParseWide(Encoding.ASCII.GetString(reader.Json.ValueSpan), out time);
            default:
                time = default;
                reader.Json.Skip();
                return false;
        }
    }
}
