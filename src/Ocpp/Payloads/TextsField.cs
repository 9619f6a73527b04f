using System.Text.Json;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>An array of texts, which may be empty.</summary>
internal sealed class TextsField<T>(string name, Need need, int maxLength, Action<T, string[]?> set) : Field<T>(name, need)
{
    private static readonly Action<List<string>, string?> Append = (texts, text) => texts.Add(text!);

    private readonly TextField<List<string>> _item = new("", Need.Optional, Append) { MaxLength = maxLength };

    public override JsonObject Describe() => new() { ["type"] = "array", ["items"] = _item.Describe() };

    public override void Read(ref PayloadReader reader, T target)
    {
        var texts = new List<string>();
        if (reader.Json.TokenType == JsonTokenType.StartArray)
        {
            ReadItems(ref reader, texts);
            set(target, [.. texts]);
        }
        else if (reader.Json.TokenType == JsonTokenType.String && !reader.IsStrict)
        {
            reader.Note(AnomalyKind.Wrapped, "should be an array; the string is taken for an array of one.");
            _item.Read(ref reader, texts);
            set(target, [.. texts]);
        }
        else
        {
            reader.Refuse("an array");
        }
    }

    private void ReadItems(ref PayloadReader reader, List<string> texts)
    {
        for (var index = 0; reader.Json.Read() && reader.Json.TokenType != JsonTokenType.EndArray; index++)
        {
            var firstNote = reader.NoteCount;
            if (reader.Json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null)
            {
                reader.Forgive(AnomalyKind.Skipped, "must be a string and is left out.", "must be a string.");
                reader.Json.Skip();
            }
            else
            {
                _item.Read(ref reader, texts);
            }

            if (reader.NoteCount != firstNote)
            {
                reader.Within(firstNote, $"[{index}]");
            }
        }
    }
}
