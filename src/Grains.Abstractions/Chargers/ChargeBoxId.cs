namespace Capacitor.Chargers;

/// <summary>
/// A charger's identity as its owner wrote it: 1 to 48 letters, digits, spaces and <c>* - _ : = + | @ .</c>
/// (OCPP-J 1.6 §3.1.1 names no limit; 48 is that of 2.0.1). Chargers are found whatever case they use.
/// </summary>
[GenerateSerializer, Immutable, Alias("capacitor.charge-box-id")]
public readonly record struct ChargeBoxId([property: Id(0)] string Value)
{
    /// <summary>The longest id.</summary>
    public const int MaxLength = 48;

    /// <summary>Of events that belong to no charger.</summary>
    public static readonly ChargeBoxId None = new("");

    private const string Punctuation = "*-_:=+|@. ";

    /// <summary>The key of the charger's grain: prefixed, upper case, percent-encoded, so that ids which differ only in case are one charger.</summary>
    public string GrainKey => "c/" + Uri.EscapeDataString(Value.ToUpperInvariant());

    /// <summary>True when <paramref name="text"/> can be an id; surrounding spaces are not part of one.</summary>
    public static bool TryParse(string? text, out ChargeBoxId id)
    {
        id = new ChargeBoxId(text ?? "");
        return text is { Length: > 0 and <= MaxLength } && text.Trim().Length == text.Length
            && text.All(c => char.IsAsciiLetterOrDigit(c) || Punctuation.Contains(c));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
