using System.Text;
using System.Text.Json;

namespace Capacitor.Ocpp.Payloads;

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
