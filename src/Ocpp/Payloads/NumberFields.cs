using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A whole number; chargers also send fractions and strings.</summary>
internal sealed class WholeField<T>(string name, Need need, long lowest, long highest, long min, long max, Action<T, long?> set) : Field<T>(name, need)
{
    public override JsonObject Describe()
    {
        JsonObject schema = new() { ["type"] = "integer" };
        if (lowest > int.MinValue)
        {
            schema["minimum"] = lowest;
        }

        if (highest < int.MaxValue)
        {
            schema["maximum"] = highest;
        }

        return schema;
    }

    public override void Read(ref PayloadReader reader, T target)
    {
        if (reader.Json.TokenType == JsonTokenType.Number && reader.Json.TryGetInt64(out var whole))
        {
            Set(ref reader, target, whole);
        }
        else if (JsonNumber.TryRead(ref reader, "a whole number", out var number))
        {
            var rounded = Math.Round(number, MidpointRounding.AwayFromZero);
            if (rounded != number)
            {
                reader.Forgive(AnomalyKind.Rounded, "should be a whole number and is rounded.", "must be a whole number.");
            }

            if (rounded >= min && rounded <= max)
            {
                Set(ref reader, target, (long)rounded);
            }
            else
            {
                NoteRange(ref reader);
            }
        }
    }

    private void Set(ref PayloadReader reader, T target, long value)
    {
        if (value < min || value > max)
        {
            NoteRange(ref reader);
            return;
        }

        if (value < lowest)
        {
            reader.Forgive(AnomalyKind.OutOfRange, $"should be at least {lowest}.", $"must be at least {lowest}.");
        }
        else if (value > highest)
        {
            reader.Forgive(AnomalyKind.OutOfRange, $"should be at most {highest}.", $"must be at most {highest}.");
        }

        set(target, value);
    }

    private void NoteRange(ref PayloadReader reader) =>
        reader.Note(AnomalyKind.OutOfRange, $"must lie between {min} and {max}.", Ocpp16ErrorCodes.PropertyConstraintViolation);
}

/// <summary>A number with one digit after the point, and not below zero, as electrical limits are. Chargers measure finer; only strict reading minds.</summary>
internal sealed class NumberField<T>(string name, Need need, Action<T, decimal?> set) : Field<T>(name, need)
{
    public override JsonObject Describe() => new() { ["type"] = "number", ["minimum"] = 0 };

    public override void Read(ref PayloadReader reader, T target)
    {
        if (JsonNumber.TryRead(ref reader, "a number", out var number))
        {
            if (reader.IsStrict && (number < 0 || number % 0.1m != 0))
            {
                reader.Note(AnomalyKind.OutOfRange, "must be at least 0 and have one digit after the point at most.");
            }

            set(target, number);
        }
    }
}

internal static class JsonNumber
{
    /// <summary>Reads a number, or a string that holds one; anything else is noted.</summary>
    public static bool TryRead(ref PayloadReader reader, string expected, out decimal number)
    {
        number = 0;
        switch (reader.Json.TokenType)
        {
            case JsonTokenType.Number:
                if (reader.Json.TryGetDecimal(out number))
                {
                    return true;
                }

                reader.Note(AnomalyKind.OutOfRange, $"is too large for {expected}.", Ocpp16ErrorCodes.PropertyConstraintViolation);
                return false;
            case JsonTokenType.String when !reader.IsStrict:
                return TryParse(ref reader, expected, out number);
            default:
                reader.Refuse(expected);
                return false;
        }
    }

    private static bool TryParse(ref PayloadReader reader, string expected, out decimal number)
    {
        var text = JsonText.Read(ref reader.Json, out _).Trim();
        if (text.Length == 0)
        {
            number = 0;
            reader.Note(AnomalyKind.Empty, $"should be {expected} and is empty.");
            return false;
        }

        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            reader.Note(AnomalyKind.WrongType, $"must be {expected}, not such a string.", Ocpp16ErrorCodes.TypeConstraintViolation);
            return false;
        }

        reader.Note(AnomalyKind.Converted, $"should be {expected}, not a string.");
        return true;
    }
}
