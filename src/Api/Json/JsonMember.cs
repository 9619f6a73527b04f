using System.Text.Encodings.Web;
using System.Text.Json;
using Capacitor.Chargers;
using Capacitor.Webhooks;

namespace Capacitor.Api.Json;

/// <summary>A member of a request's body, read as one type or refused with the name, what it was and what it may be.</summary>
internal readonly struct JsonMember(string name, JsonElement value)
{
    public bool IsAbsent => value.ValueKind == JsonValueKind.Undefined;

    /// <summary>True when there is no such member, or a literal null.</summary>
    public bool IsAbsentOrNull => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>A string that must be there.</summary>
    public string Text() => ReadText(value, name);

    /// <summary>A point in time, or null when there is none.</summary>
    public DateTimeOffset? TimeOrNull() =>
        IsAbsentOrNull ? null : value.ValueKind == JsonValueKind.String && Instant.TryParse(value.GetString()!, out var time) ? time : throw Wrong(Instant.Allowed);

    /// <summary>A string of bounded length that must be there.</summary>
    public string Text(int maxLength) => BoundedText(maxLength);

    /// <summary>A string, or null when there is none.</summary>
    public string? TextOrNull() => IsAbsentOrNull ? null : Text();

    /// <summary>A string of bounded length, or null when there is none.</summary>
    public string? TextOrNull(int maxLength) => IsAbsentOrNull ? null : BoundedText(maxLength);

    /// <summary>A string that replaces what is there; null when the member is absent. A literal null is refused.</summary>
    public string? NewText() => IsAbsent ? null : Text();

    /// <summary>A string that replaces what is there, or a literal null that clears it.</summary>
    public Setting NewSetting() => IsAbsent ? default : Setting.To(TextOrNull());

    /// <summary>A string of bounded length that replaces what is there, or a literal null that clears it.</summary>
    public Setting NewSetting(int maxLength) => IsAbsent ? default : Setting.To(TextOrNull(maxLength));

    /// <summary>An array of strings that must be there.</summary>
    public IReadOnlyList<string> Texts()
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("an array of strings");
        }

        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            texts.Add(ReadText(item, $"{name}[{texts.Count}]"));
        }

        return texts;
    }

    /// <summary>An array of strings that replaces what is there; null when the member is absent. A literal null is refused.</summary>
    public IReadOnlyList<string>? NewTexts() => IsAbsent ? null : Texts();

    /// <summary>True or false, or null when the member is absent. A literal null is refused.</summary>
    public bool? NewFlag() => value.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    /// <summary>A whole number that must be there.</summary>
    public int Integer() => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Wrong("a whole number");

    /// <summary>A whole number from <paramref name="min"/> up that must be there.</summary>
    public int Integer(int min) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min ? number : throw Wrong($"a whole number from {min} up");

    /// <summary>A whole number between two others, or null when there is none.</summary>
    public int? IntegerOrNull(int min, int max) => IsAbsentOrNull ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : throw Wrong($"a whole number from {min} to {max}, or null");

    /// <summary>A whole number, or null when there is none.</summary>
    public int? IntegerOrNull() => IsAbsentOrNull ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Wrong("a whole number, or null");

    /// <summary>An array of whole numbers, or null when there is none.</summary>
    public IReadOnlyList<int>? IntegersOrNull()
    {
        if (IsAbsentOrNull)
        {
            return null;
        }

        var label = name;
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, i) => new JsonMember($"{label}[{i}]", item).Integer())]
            : throw Wrong("an array of whole numbers, or null");
    }

    /// <summary>An array of strings, or null when there is none.</summary>
    public IReadOnlyList<string>? TextsOrNull() => IsAbsentOrNull ? null : Texts();

    /// <summary>The members of an object, in their order; null when there is none.</summary>
    public IReadOnlyList<(string Name, JsonMember Value)>? MembersOrNull()
    {
        if (IsAbsentOrNull)
        {
            return null;
        }

        var label = name;
        return value.ValueKind == JsonValueKind.Object
            ? [.. value.EnumerateObject().Select(member => (member.Name, new JsonMember($"{label}.{member.Name}", member.Value)))]
            : throw Wrong("an object, or null");
    }

    /// <summary>An object that must be there, as JSON without line breaks.</summary>
    public byte[] Object()
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("an object");
        }

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            try
            {
                value.WriteTo(json);
            }
            catch (InvalidOperationException)
            {
                throw Refuse($"'{name}' contains half of a surrogate pair.");
            }
        }

        return bytes.ToArray();
    }

    /// <summary>An object as it was sent, or null when there is none.</summary>
    public JsonElement? ObjectOrNull() =>
        IsAbsentOrNull ? null : value.ValueKind == JsonValueKind.Object ? value : throw Wrong("an object, or null");

    /// <summary>A member of an object that must be there.</summary>
    public JsonMember this[string member] => value.ValueKind == JsonValueKind.Object
        ? new($"{name}.{member}", value.TryGetProperty(member, out var inner) ? inner : default)
        : throw Wrong("an object, or null");

    /// <summary>A change: what is absent stays, and what is not is read by <paramref name="read"/>, which makes null of a literal null.</summary>
    public Change<T> Change<T>(Func<JsonMember, T?> read) => IsAbsent ? default : Capacitor.Webhooks.Change.To(read(this));

    /// <summary>One of a few words, or null when there is none.</summary>
    public string? OneOfOrNull(params ReadOnlySpan<string> words) => IsAbsentOrNull ? null : OneOf(words);

    /// <summary>One of a few words that must be there.</summary>
    public string OneOf(params ReadOnlySpan<string> words)
    {
        var allowed = "one of " + string.Join(", ", words!);
        var text = value.ValueKind == JsonValueKind.String ? Text() : throw Wrong(allowed);
        foreach (var word in words)
        {
            if (word == text)
            {
                return word;
            }
        }

        throw Refuse($"'{name}' must be {allowed}, not '{(text.Length <= 32 ? text : text[..32] + "…")}'.");
    }

    /// <summary>A refusal of this member for a reason of the caller's.</summary>
    public RefusedException Refuse(string message) => new(RefusalKind.Invalid, message, name);

    /// <summary>What an element is, in words.</summary>
    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };

    private string BoundedText(int maxLength) =>
        Text() is { Length: > 0 } text && text.Length <= maxLength ? text : throw Refuse($"'{name}' must have 1 to {maxLength} characters.");

    private static string ReadText(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            throw Wrong(name, element, "a string");
        }

        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RefusedException(RefusalKind.Invalid, $"'{name}' contains half of a surrogate pair.", name);
        }
    }

    private RefusedException Wrong(string allowed) => Wrong(name, value, allowed);

    private static RefusedException Wrong(string name, JsonElement element, string allowed)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return new(RefusalKind.Invalid, $"'{name}' is required: {allowed}.", name);
        }

        var was = element.ValueKind == JsonValueKind.Number && element.GetRawText() is { Length: <= 32 } number ? number : Describe(element);
        return new(RefusalKind.Invalid, $"'{name}' must be {allowed}, not {was}.", name);
    }
}
