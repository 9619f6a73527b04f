using System.Text.Json;

namespace Capacitor.Ocpp.Payloads;

/// <summary>Walks over a payload and keeps what it was forgiven. Paths are put together on the way out, so a clean payload costs nothing.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload, bool isStrict = false)
{
    // A hostile payload must not fill the memory with complaints about itself. The one that makes the violation always fits in.
    private const int MaxNotes = 31;

    private readonly ReadOnlySpan<byte> _payload = payload;
    private List<Anomaly>? _notes;
    private string? _fatalCode;
    private int _fatal;

    public Utf8JsonReader Json = new(payload);

    /// <summary>True when nothing is forgiven: what is noted is told to somebody who can mend it.</summary>
    public readonly bool IsStrict => isStrict;

    public readonly int NoteCount => _notes?.Count ?? 0;

    public readonly IReadOnlyList<Anomaly>? Notes => _notes;

    /// <summary>What is wrong for good; whether that matters is for the message to say.</summary>
    public readonly Violation? Violation => _fatalCode is null
        ? null
        : new Violation(_fatalCode, $"{_notes![_fatal].Path}: {_notes[_fatal].Detail}");

    /// <summary>Notes something at the place just read; a <paramref name="code"/> makes it a violation.</summary>
    public void Note(AnomalyKind kind, string detail, string? code = null, string path = "")
    {
        _notes ??= [];
        var isFirstFatal = code is not null && _fatalCode is null;
        if (_notes.Count < MaxNotes || isFirstFatal)
        {
            _notes.Add(new Anomaly(kind, path, detail));
        }

        if (isFirstFatal)
        {
            _fatalCode = code;
            _fatal = _notes.Count - 1;
        }
    }

    /// <summary>Notes something that is put up with; <paramref name="strict"/> says it to a sender who has to mend it.</summary>
    public void Forgive(AnomalyKind kind, string forgiven, string strict, string path = "") =>
        Note(kind, IsStrict ? strict : forgiven, path: path);

    /// <summary>Puts the name of what was just read before the paths of the notes made inside it.</summary>
    public readonly void Within(int firstNote, string name)
    {
        for (var i = firstNote; i < NoteCount; i++)
        {
            var note = _notes![i];
            _notes[i] = note with { Path = note.Path.Length == 0 || note.Path[0] == '[' ? name + note.Path : $"{name}.{note.Path}" };
        }
    }

    /// <summary>The JSON of the value at hand; moves to its end.</summary>
    public ReadOnlySpan<byte> TakeRaw()
    {
        var start = (int)Json.TokenStartIndex;
        Json.Skip();
        return _payload[start..(int)Json.BytesConsumed];
    }

    /// <summary>Passes over a value that cannot be what it should be.</summary>
    public void Refuse(string expected)
    {
        var found = Json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            _ => "a boolean",
        };
        Note(AnomalyKind.WrongType, $"must be {expected}, not {found}.", Ocpp16ErrorCodes.TypeConstraintViolation);
        Json.Skip();
    }
}
