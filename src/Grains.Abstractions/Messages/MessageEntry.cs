namespace Capacitor.Messages;

/// <summary>Which way a frame went, as seen from here.</summary>
public enum MessageDirection : byte
{
    /// <summary>From the charger: <c>in</c>.</summary>
    In = 0,

    /// <summary>To the charger: <c>out</c>.</summary>
    Out = 1,
}

/// <summary>What a frame is.</summary>
public enum MessageKind : byte
{
    /// <summary>A CALL: <c>call</c>.</summary>
    Call = 0,

    /// <summary>A CALLRESULT: <c>result</c>.</summary>
    Result = 1,

    /// <summary>A CALLERROR: <c>error</c>.</summary>
    Error = 2,

    /// <summary>None of OCPP 1.6: <c>unreadable</c>.</summary>
    Unreadable = 3,
}

/// <summary>
/// One frame in a <see cref="MessageBlock"/>, without its text. Blocks live long enough to be moved to old memory; so an entry refers to nothing that was made for it.
/// </summary>
[GenerateSerializer, Immutable, Alias("capacitor.message-entry")]
public readonly record struct MessageEntry
{
    /// <summary>When it was received or sent, and in what order: see <see cref="MessagePosition"/>.</summary>
    [Id(0)] public required long Position { get; init; }

    /// <summary>The charger's registration, <c>chg_…</c>: one that is registered anew has a log of its own.</summary>
    [Id(1)] public required string Charger { get; init; }

    /// <summary>The id of the charger's tenant.</summary>
    [Id(2)] public required string Tenant { get; init; }

    /// <summary>Which way it went.</summary>
    [Id(3)] public required MessageDirection Direction { get; init; }

    /// <summary>What it is.</summary>
    [Id(4)] public required MessageKind Kind { get; init; }

    /// <summary>The action that it calls, or of the call that it answers; null when that is not known.</summary>
    [Id(5)] public string? Action { get; init; }

    /// <summary>How long OCPP's message id is, which stands before the text; less than 0 when it has none.</summary>
    [Id(6)] public required int IdLength { get; init; }

    /// <summary>Of an answer: how long after its call, in microseconds. Less than 0: not known.</summary>
    [Id(7)] public required int Latency { get; init; }

    /// <summary>Where its text begins in the block.</summary>
    [Id(8)] public required int Start { get; init; }

    /// <summary>How long the text is that is kept.</summary>
    [Id(9)] public required int Length { get; init; }

    /// <summary>How long the frame was on the wire.</summary>
    [Id(10)] public required int Size { get; init; }

    /// <summary>True when the end of a long text was left out.</summary>
    [Id(11)] public bool IsCut { get; init; }
}
