using System.Text.Json;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A part of its own.</summary>
internal sealed class PartField<T, TPart>(string name, Need need, Action<T, TPart?> set) : Field<T>(name, need)
    where TPart : class, IPayload<TPart>
{
    public override JsonObject Describe() => TPart.Shape.Describe();

    public override void Read(ref PayloadReader reader, T target)
    {
        if (reader.Json.TokenType == JsonTokenType.StartObject)
        {
            set(target, TPart.Shape.ReadObject(ref reader));
        }
        else
        {
            reader.Refuse("an object");
        }
    }
}

/// <summary>An array of parts.</summary>
internal sealed class PartsField<T, TPart>(string name, Need need, Action<T, TPart[]?> set, Func<TPart, bool>? keep) : Field<T>(name, need)
    where TPart : class, IPayload<TPart>
{
    public bool MayBeEmpty { get; init; }

    public override JsonObject Describe()
    {
        JsonObject schema = new() { ["type"] = "array", ["items"] = TPart.Shape.Describe() };
        if (!MayBeEmpty)
        {
            schema["minItems"] = 1;
        }

        return schema;
    }

    public override void Read(ref PayloadReader reader, T target)
    {
        if (reader.Json.TokenType == JsonTokenType.StartArray)
        {
            set(target, ReadArray(ref reader));
        }
        else if (reader.Json.TokenType == JsonTokenType.StartObject && !reader.IsStrict)
        {
            reader.Note(AnomalyKind.Wrapped, "should be an array; the object is taken for an array of one.");
            var part = TPart.Shape.ReadObject(ref reader);
            set(target, IsKept(ref reader, part) ? [part] : []);
        }
        else
        {
            reader.Refuse("an array");
        }
    }

    private TPart[] ReadArray(ref PayloadReader reader)
    {
        var parts = new TPart[4];
        var count = 0;
        var index = 0;
        for (; reader.Json.Read() && reader.Json.TokenType != JsonTokenType.EndArray; index++)
        {
            var firstNote = reader.NoteCount;
            if (ReadItem(ref reader) is { } part)
            {
                if (count == parts.Length)
                {
                    Array.Resize(ref parts, count * 2);
                }

                parts[count++] = part;
            }

            if (reader.NoteCount != firstNote)
            {
                reader.Within(firstNote, $"[{index}]");
            }
        }

        if ((reader.IsStrict ? index : count) == 0 && !MayBeEmpty)
        {
            reader.Forgive(AnomalyKind.Empty, "is empty.", "must not be empty.");
        }

        Array.Resize(ref parts, count);
        return parts;
    }

    private TPart? ReadItem(ref PayloadReader reader)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            reader.Forgive(AnomalyKind.Skipped, "must be an object and is left out.", "must be an object.");
            reader.Json.Skip();
            return null;
        }

        var part = TPart.Shape.ReadObject(ref reader);
        return IsKept(ref reader, part) ? part : null;
    }

    private bool IsKept(ref PayloadReader reader, TPart part)
    {
        if (keep is null || reader.IsStrict || keep(part))
        {
            return true;
        }

        reader.Forgive(AnomalyKind.Skipped, "says nothing and is left out.", "says nothing.");
        return false;
    }
}
