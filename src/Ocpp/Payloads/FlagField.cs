using System.Text.Json;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>Yes or no; chargers also send 0 and 1, and words.</summary>
internal sealed class FlagField<T>(string name, Need need, Action<T, bool?> set) : Field<T>(name, need)
{
    public override JsonObject Describe() => new() { ["type"] = "boolean" };

    public override void Read(ref PayloadReader reader, T target)
    {
        if (reader.Json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            set(target, reader.Json.TokenType == JsonTokenType.True);
        }
        else if (!reader.IsStrict && TryReadOdd(ref reader) is { } flag)
        {
            reader.Note(AnomalyKind.Converted, "should be a boolean.");
            set(target, flag);
        }
        else
        {
            reader.Refuse("a boolean");
        }
    }

    private static bool? TryReadOdd(ref PayloadReader reader) => reader.Json.TokenType switch
    {
        JsonTokenType.Number when reader.Json.TryGetInt32(out var number) && number is 0 or 1 => number == 1,
        JsonTokenType.String => JsonText.Read(ref reader.Json, out _).Trim().ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => null,
        },
        _ => null,
    };
}
