using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A text, or a word of a list.</summary>
internal sealed class TextField<T>(string name, Need need, Action<T, string?> set) : Field<T>(name, need)
{
    public int MaxLength { get; init; } = int.MaxValue;

    public bool MayBeEmpty { get; init; }

    public WordSet? Words { get; init; }

    /// <summary>An absolute URI with a host. Only strict reading minds.</summary>
    public bool IsUri { get; init; }

    /// <summary>Objects and arrays are kept as the text of their JSON.</summary>
    public bool TakesJson { get; init; }

    public override string? Allowed => Words is null ? null : $"one of {string.Join(", ", Words.All)}";

    public override JsonObject Describe()
    {
        JsonObject schema = new() { ["type"] = "string" };
        if (Words is not null)
        {
            schema["enum"] = new JsonArray([.. Words.All.Select(word => (JsonNode)word)]);
            return schema;
        }

        if (!TakesJson && !MayBeEmpty)
        {
            schema["minLength"] = 1;
        }

        if (MaxLength < int.MaxValue)
        {
            schema["maxLength"] = MaxLength;
        }

        if (IsUri)
        {
            schema["format"] = "uri";
        }

        return schema;
    }

    public override void Read(ref PayloadReader reader, T target)
    {
        switch (reader.Json.TokenType)
        {
            case JsonTokenType.String:
                set(target, ReadString(ref reader));
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when !reader.IsStrict:
                reader.Note(AnomalyKind.Converted, "should be a string.");
                set(target, Check(ref reader, Encoding.UTF8.GetString(reader.Json.ValueSpan)));
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray when TakesJson && !reader.IsStrict:
                reader.Note(AnomalyKind.Converted, "should be a string; its JSON is kept as text.");
                set(target, Encoding.UTF8.GetString(reader.TakeRaw()));
                break;
            default:
                reader.Refuse(reader.IsStrict && Allowed is { } words ? words : "a string");
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
            reader.Forgive(AnomalyKind.Garbled, "holds broken characters, which were replaced.", "holds broken characters.");
        }

        return Check(ref reader, text);
    }

    private string Check(ref PayloadReader reader, string text)
    {
        if (text.Length == 0)
        {
            // A vendor's data and the value of a setting may be empty; nothing else has a use for an empty text.
            if (!TakesJson && !MayBeEmpty)
            {
                reader.Forgive(AnomalyKind.Empty, "is empty.", "must not be empty.");
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
        else if (IsUri && reader.IsStrict && !IsAbsoluteUri(text))
        {
            reader.Note(AnomalyKind.UnknownWord, "must be an absolute URI such as https://example.com/file.");
        }

        return text;
    }

    private string CheckWord(ref PayloadReader reader, string text)
    {
        if (Words!.FindIgnoringCase(text.Trim()) is { } word)
        {
            reader.Forgive(AnomalyKind.OtherCase, $"is spelled {word}.", $"must be written {word}.");
            return word;
        }

        reader.Forgive(
            AnomalyKind.UnknownWord,
            $"is none of the {Words.All.Count} allowed words, which begin with {Words.All[0]}.",
            $"must be {Allowed}.");
        return text;
    }

    // A path alone is a URI of a file to the framework.
    private static bool IsAbsoluteUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && text.StartsWith(uri.Scheme + "://", StringComparison.OrdinalIgnoreCase);
}
