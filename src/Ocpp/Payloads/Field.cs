using System.Text;
using System.Text.Json;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A member of a message: reads the value at hand, which is not null, into its place.</summary>
internal abstract class Field<T>(string name, Need need)
{
    public string Name { get; } = name;

    public byte[] Utf8Name { get; } = Encoding.ASCII.GetBytes(name);

    public Need Need { get; } = need;

    public abstract void Read(ref PayloadReader reader, T target);
}

/// <summary>A text, or a word of a list.</summary>
internal sealed class TextField<T>(string name, Need need, Action<T, string?> set) : Field<T>(name, need)
{
    public int MaxLength { get; init; } = int.MaxValue;

    public WordSet? Words { get; init; }

    /// <summary>Objects and arrays are kept as the text of their JSON.</summary>
    public bool TakesJson { get; init; }

    public override void Read(ref PayloadReader reader, T target)
    {
        switch (reader.Json.TokenType)
        {
            case JsonTokenType.String:
                set(target, ReadString(ref reader));
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                reader.Note(AnomalyKind.Converted, "should be a string.");
                set(target, Check(ref reader, Encoding.UTF8.GetString(reader.Json.ValueSpan)));
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray when TakesJson:
                reader.Note(AnomalyKind.Converted, "should be a string; its JSON is kept as text.");
                set(target, Encoding.UTF8.GetString(reader.TakeRaw()));
                break;
            default:
                reader.Refuse("a string");
                break;
        }
    }

    private string ReadString(ref PayloadReader reader)
    {
        if (Words is not null && !reader.Json.ValueIsEscaped && Words.Find(ref reader.Json) is { } word)
        {
            return word;
        }

        var text = JsonText.Read(ref reader.Json, out var isGarbled);
        if (isGarbled)
        {
            reader.Note(AnomalyKind.Garbled, "holds broken characters, which were replaced.");
        }

        return Check(ref reader, text);
    }

    private string Check(ref PayloadReader reader, string text)
    {
        if (text.Length == 0)
        {
            // DataTransfer may carry an empty text; nothing else has a use for one.
            if (!TakesJson)
            {
                reader.Note(AnomalyKind.Empty, "is empty.");
            }
        }
        else if (text.Length > MaxLength)
        {
            reader.Note(AnomalyKind.TooLong, $"has {text.Length} characters; at most {MaxLength} are allowed.");
        }
        else if (Words is not null && !Words.Contains(text))
        {
            return CheckWord(ref reader, text);
        }

        return text;
    }

    private string CheckWord(ref PayloadReader reader, string text)
    {
        if (Words!.FindIgnoringCase(text.Trim()) is { } word)
        {
            reader.Note(AnomalyKind.OtherCase, $"is spelled {word}.");
            return word;
        }

        reader.Note(AnomalyKind.UnknownWord, $"is none of the {Words.All.Count} allowed words, which begin with {Words.All[0]}.");
        return text;
    }
}

/// <summary>A part of its own.</summary>
internal sealed class PartField<T, TPart>(string name, Need need, Action<T, TPart?> set) : Field<T>(name, need)
    where TPart : class, IPayload<TPart>
{
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
    public override void Read(ref PayloadReader reader, T target)
    {
        if (reader.Json.TokenType == JsonTokenType.StartArray)
        {
            set(target, ReadArray(ref reader));
        }
        else if (reader.Json.TokenType == JsonTokenType.StartObject)
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
        for (var index = 0; reader.Json.Read() && reader.Json.TokenType != JsonTokenType.EndArray; index++)
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

        if (count == 0)
        {
            reader.Note(AnomalyKind.Empty, "is empty.");
        }

        Array.Resize(ref parts, count);
        return parts;
    }

    private TPart? ReadItem(ref PayloadReader reader)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            reader.Note(AnomalyKind.Skipped, "must be an object and is left out.");
            reader.Json.Skip();
            return null;
        }

        var part = TPart.Shape.ReadObject(ref reader);
        return IsKept(ref reader, part) ? part : null;
    }

    private bool IsKept(ref PayloadReader reader, TPart part)
    {
        if (keep is null || keep(part))
        {
            return true;
        }

        reader.Note(AnomalyKind.Skipped, "says nothing and is left out.");
        return false;
    }
}
