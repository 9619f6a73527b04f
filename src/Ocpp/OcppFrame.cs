using System.Diagnostics.CodeAnalysis;

namespace Capacitor.Ocpp;

/// <summary>One text frame of OCPP-J, taken apart; the payload is a slice of the received bytes and lives as long as they do.</summary>
public readonly record struct OcppFrame
{
    /// <summary>The longest message id that is answered as usual; the document allows <see cref="SpecifiedMessageIdLength"/>, chargers do not all keep to it.</summary>
    public const int MaxMessageIdLength = 255;

    /// <summary>The longest message id OCPP-J allows.</summary>
    public const int SpecifiedMessageIdLength = 36;

    internal static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    /// <summary>What the frame is.</summary>
    public OcppFrameKind Kind { get; init; }

    /// <summary>The message id; null when there is none to name. A number's digits when <see cref="HasNumericId"/>.</summary>
    public string? MessageId { get; init; }

    /// <summary>The action of a CALL.</summary>
    public string? Action { get; init; }

    /// <summary>The JSON object of a CALL or CALLRESULT as received; <c>{}</c> when it was null or left out.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The code of a CALLERROR, in its sender's spelling, or the code to answer a <see cref="OcppFrameKind.BadCall"/> with.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The description of a CALLERROR, or what is wrong with a frame of any bad kind.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>The details of a CALLERROR as received; <c>{}</c> when they were null or left out.</summary>
    public ReadOnlyMemory<byte> ErrorDetails { get; init; }

    /// <summary>True when the id came as a JSON number, so the answer must name it as one.</summary>
    public bool HasNumericId { get; init; }

    /// <summary>True when the id is longer than OCPP-J allows and was put up with.</summary>
    public bool HasLongId => MessageId is { Length: > SpecifiedMessageIdLength };

    /// <summary>True for a CALL that can be handed on.</summary>
    [MemberNotNullWhen(true, nameof(MessageId), nameof(Action))]
    public bool IsCall => Kind == OcppFrameKind.Call;

    /// <summary>
    /// True for the actions that a charger sends again until it gets a result, with everything behind them waiting (OCPP 1.6 §4.1): an error must never be
    /// their answer, however odd their message id.
    /// </summary>
    public static bool NeedsResult(string? action) => action is "StartTransaction" or "StopTransaction" or "MeterValues";

    /// <summary>Takes a frame apart; never throws. Byte order mark, NULs and white space around the frame are put up with.</summary>
    public static OcppFrame Read(ReadOnlyMemory<byte> utf8) => OcppFrameReader.Read(utf8);
}
