using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A message or a part of one that can be read from JSON.</summary>
public interface IPayload<T>
    where T : class, IPayload<T>
{
    /// <summary>The members and what the document asks of them.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "It is how a generic reader finds the members without reflection.")]
    static abstract Shape<T> Shape { get; }
}

/// <summary>How much the document wants a member, and how much we do.</summary>
internal enum Need
{
    /// <summary>May be left out.</summary>
    Optional,

    /// <summary>Required by the document; real chargers leave it out, so its absence is only noted.</summary>
    Wanted,

    /// <summary>Required; its absence is a violation.</summary>
    Required,
}

/// <summary>The members of a message, in the document's order.</summary>
public sealed class Shape<T>
    where T : class
{
    private readonly Func<T> _create;
    private readonly List<Field<T>> _fields = [];
    private readonly bool _mustBeAnswered;

    /// <param name="create">Makes one to be filled.</param>
    /// <param name="mustBeAnswered">Nothing in it is a violation: a charger that gets an error for it sends it again and again, and all others wait behind it.</param>
    internal Shape(Func<T> create, bool mustBeAnswered = false)
    {
        _create = create;
        _mustBeAnswered = mustBeAnswered;
    }

    internal IEnumerable<string> Names => _fields.Select(member => member.Name);

    internal Shape<T> Text(string name, int maxLength, Need need, Action<T, string?> set, bool mayBeEmpty = false) =>
        Add(new TextField<T>(name, need, set) { MaxLength = maxLength, MayBeEmpty = mayBeEmpty });

    internal Shape<T> Uri(string name, int maxLength, Need need, Action<T, string?> set) =>
        Add(new TextField<T>(name, need, set) { MaxLength = maxLength, IsUri = true });

    internal Shape<T> Texts(string name, int maxLength, Need need, Action<T, string[]?> set) =>
        Add(new TextsField<T>(name, need, maxLength, set));

    internal Shape<T> Word(string name, WordSet words, Need need, Action<T, string?> set) =>
        Add(new TextField<T>(name, need, set) { Words = words });

    internal Shape<T> AnyText(string name, Need need, Action<T, string?> set, int maxLength = int.MaxValue) =>
        Add(new TextField<T>(name, need, set) { TakesJson = true, MaxLength = maxLength });

    internal Shape<T> Flag(string name, Need need, Action<T, bool?> set) => Add(new FlagField<T>(name, need, set));

    internal Shape<T> Whole(string name, Need need, Action<T, int?> set, int min = int.MinValue, int max = int.MaxValue) =>
        Add(new WholeField<T>(name, need, min, max, int.MinValue, int.MaxValue, (target, value) => set(target, (int?)value)));

    internal Shape<T> Long(string name, Need need, Action<T, long?> set) =>
        Add(new WholeField<T>(name, need, long.MinValue, long.MaxValue, long.MinValue, long.MaxValue, set));

    internal Shape<T> Number(string name, Need need, Action<T, decimal?> set) => Add(new NumberField<T>(name, need, set));

    internal Shape<T> Time(string name, Need need, Action<T, DateTimeOffset?> set) => Add(new TimeField<T>(name, need, set));

    internal Shape<T> One<TPart>(string name, Need need, Action<T, TPart?> set)
        where TPart : class, IPayload<TPart> => Add(new PartField<T, TPart>(name, need, set));

    internal Shape<T> Many<TPart>(string name, Need need, Action<T, TPart[]?> set, Func<TPart, bool>? keep = null, bool mayBeEmpty = false)
        where TPart : class, IPayload<TPart> => Add(new PartsField<T, TPart>(name, need, set, keep) { MayBeEmpty = mayBeEmpty });

    /// <summary>The JSON Schema of what strict reading takes; members that the document does not know are left alone.</summary>
    internal JsonObject Describe() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray([.. _fields.Where(field => field.Need != Need.Optional).Select(field => (JsonNode)field.Name)]),
        ["properties"] = new JsonObject(_fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, field.Describe()))),
    };

    internal Reading<T> Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload.IsEmpty ? "{}"u8 : payload);
        var value = ReadPayload(ref reader, out var violation);
        violation ??= _mustBeAnswered ? null : reader.Violation;
        return new Reading<T>(violation is null ? value : null, violation, reader.Notes);
    }

    /// <summary>What can be made of an answer that has come and will not come again, whatever is wrong with it; null when it is no JSON object.</summary>
    internal T? Salvage(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload.IsEmpty ? "{}"u8 : payload);
        return ReadPayload(ref reader, out _);
    }

    /// <summary>Reads what somebody wrote who can mend it: nothing is forgiven but members that are not known.</summary>
    internal StrictReading<T> ReadStrict(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload.IsEmpty ? "{}"u8 : payload, isStrict: true);
        var value = ReadPayload(ref reader, out var violation);
        if (violation is not null)
        {
            return new StrictReading<T>(null, [new Mistake("", violation.Description)]);
        }

        return reader.Notes is { Count: > 0 } notes
            ? new StrictReading<T>(null, [.. notes.Select(note => new Mistake(note.Path, note.Detail))])
            : new StrictReading<T>(value, []);
    }

    private T? ReadPayload(ref PayloadReader reader, out Violation? violation)
    {
        violation = null;
        try
        {
            reader.Json.Read();
            if (reader.Json.TokenType == JsonTokenType.Null)
            {
                reader = new PayloadReader("{}"u8, reader.IsStrict);
                reader.Json.Read();
            }

            if (reader.Json.TokenType == JsonTokenType.StartObject)
            {
                var value = ReadObject(ref reader);
                reader.Json.Read(); // throws when the object is not all there is
                return value;
            }

            violation = new Violation(Ocpp16ErrorCodes.FormationViolation, "The payload must be a JSON object.");
        }
        catch (JsonException)
        {
            violation = new Violation(Ocpp16ErrorCodes.FormationViolation, "The payload is not valid JSON.");
        }

        return null;
    }

    /// <summary>Reads the object at whose opening brace the reader stands, to its closing brace.</summary>
    internal T ReadObject(ref PayloadReader reader)
    {
        var target = _create();
        var present = 0UL;
        var expected = 0;
        while (reader.Json.Read() && reader.Json.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOf(ref reader, expected);
            if (index < 0)
            {
                SkipUnknown(ref reader);
                continue;
            }

            expected = index + 1;
            reader.Json.Read();
            if (reader.Json.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            present |= 1UL << index;
            var firstNote = reader.NoteCount;
            _fields[index].Read(ref reader, target);
            if (reader.NoteCount != firstNote)
            {
                reader.Within(firstNote, _fields[index].Name);
            }
        }

        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Need != Need.Optional && (present & (1UL << i)) == 0)
            {
                NoteMissing(ref reader, _fields[i]);
            }
        }

        return target;
    }

    private Shape<T> Add(Field<T> field)
    {
        _fields.Add(field);
        return this;
    }

    // Most chargers send members in the document's order, so the search begins where the last one ended.
    private int IndexOf(ref PayloadReader reader, int expected)
    {
        if (!reader.Json.ValueIsEscaped)
        {
            var name = reader.Json.ValueSpan;
            for (var i = 0; i < _fields.Count; i++)
            {
                var index = expected + i;
                index = index < _fields.Count ? index : index - _fields.Count;
                if (name.SequenceEqual(_fields[index].Utf8Name))
                {
                    return index;
                }
            }
        }

        return IndexOfOddName(ref reader);
    }

    private int IndexOfOddName(ref PayloadReader reader)
    {
        var name = JsonText.Read(ref reader.Json, out _);
        for (var i = 0; i < _fields.Count; i++)
        {
            if (string.Equals(name, _fields[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                if (!string.Equals(name, _fields[i].Name, StringComparison.Ordinal))
                {
                    reader.Forgive(AnomalyKind.OtherCase, $"is called {_fields[i].Name}.", $"must be written {_fields[i].Name}.", name);
                }

                return i;
            }
        }

        return -1;
    }

    private static void SkipUnknown(ref PayloadReader reader)
    {
        if (reader.IsStrict)
        {
            reader.Json.Skip();
            return;
        }

        var name = JsonText.Read(ref reader.Json, out _);
        reader.Note(AnomalyKind.UnknownMember, "is not a member of this message and is ignored.", path: name.Length > 50 ? name[..50] : name);
        reader.Json.Skip();
    }

    private static void NoteMissing(ref PayloadReader reader, Field<T> field) => reader.Note(
        AnomalyKind.Missing,
        reader.IsStrict && field.Allowed is { } allowed ? $"is required: {allowed}." : "is required.",
        field.Need == Need.Required ? Ocpp16ErrorCodes.OccurenceConstraintViolation : null,
        field.Name);
}
