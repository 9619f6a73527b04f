using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A point in time; one that cannot be understood is no reason to refuse a message, the time of receipt will do.</summary>
internal sealed class TimeField<T>(string name, Need need, Action<T, DateTimeOffset?> set) : Field<T>(name, need)
{
    private const string Rule = "must be a time such as 2025-01-31T12:00:00.000Z.";

    public override JsonObject Describe() => new() { ["type"] = "string", ["format"] = "date-time" };

    public override void Read(ref PayloadReader reader, T target)
    {
        if (TryReadPlain(ref reader, out var time))
        {
            set(target, time);
        }
        else if (TryReadOdd(ref reader, out time))
        {
            reader.Forgive(AnomalyKind.OddTimestamp, "should be written like 2025-01-31T12:00:00.000Z.", Rule);
            set(target, time);
        }
        else
        {
            reader.Forgive(AnomalyKind.UnreadableTimestamp, "is no time and is taken for absent.", Rule);
        }
    }

    private static bool TryReadPlain(ref PayloadReader reader, out DateTimeOffset time)
    {
        time = default;
        if (reader.Json.TokenType != JsonTokenType.String || (reader.Json.ValueIsEscaped && !reader.IsStrict))
        {
            return false;
        }

        // Our users' serializers escape the plus sign of an offset when they are careful about HTML; no charger does.
        return Timestamp.TryParseStrict(
            reader.Json.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonText.Read(ref reader.Json, out _)) : reader.Json.ValueSpan, out time);
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
