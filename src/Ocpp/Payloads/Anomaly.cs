namespace Capacitor.Ocpp.Payloads;

/// <summary>What was odd about a payload.</summary>
public enum AnomalyKind
{
    /// <summary>A member that the document requires is not there, or null.</summary>
    Missing,

    /// <summary>A value of a JSON type that cannot be taken for the member's.</summary>
    WrongType,

    /// <summary>A number that does not fit.</summary>
    OutOfRange,

    /// <summary>A number as a string, a string as a number, JSON for text: taken for what was meant.</summary>
    Converted,

    /// <summary>A fraction where a whole number is due.</summary>
    Rounded,

    /// <summary>One object where an array is due: taken for an array of one.</summary>
    Wrapped,

    /// <summary>An item of an array that says nothing.</summary>
    Skipped,

    /// <summary>An empty text or array.</summary>
    Empty,

    /// <summary>A text longer than the document allows, kept whole.</summary>
    TooLong,

    /// <summary>A word that the document does not list, kept as sent.</summary>
    UnknownWord,

    /// <summary>A name or word in another case.</summary>
    OtherCase,

    /// <summary>A member that the document does not know, ignored.</summary>
    UnknownMember,

    /// <summary>A time that is not RFC 3339 and was understood.</summary>
    OddTimestamp,

    /// <summary>A time that was not understood, and is taken for absent.</summary>
    UnreadableTimestamp,

    /// <summary>A text with broken characters, which were replaced.</summary>
    Garbled,
}

/// <summary>One thing a payload was forgiven.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Path">Where, such as <c>meterValue[0].timestamp</c>.</param>
/// <param name="Detail">A sentence for people; never a token or a key.</param>
public sealed record Anomaly(AnomalyKind Kind, string Path, string Detail);
