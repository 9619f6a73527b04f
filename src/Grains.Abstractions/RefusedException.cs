namespace Capacitor;

/// <summary>Why a request was refused; the edge turns it into an HTTP status and error code (404 is a null answer, not a refusal).</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong: 400 VALIDATION_ERROR.</summary>
    Invalid = 0,

    /// <summary>The tier or the state of the tenant does not allow it: 403 FORBIDDEN.</summary>
    Forbidden = 1,

    /// <summary>It collides with what exists: 409 CONFLICT.</summary>
    Conflict = 2,

    /// <summary>A limit of the tier is reached: 429 RATE_LIMIT_ERROR.</summary>
    LimitReached = 3,

    /// <summary>It cannot be done now: 503 SERVICE_UNAVAILABLE.</summary>
    Unavailable = 4,
}

/// <summary>A caller's mistake, in words for the caller: what was wrong and what is allowed. Crosses grain calls.</summary>
[GenerateSerializer, Alias("capacitor.refused")]
public sealed class RefusedException : Exception
{
    /// <summary>Refuses a request. <paramref name="field"/> names the member at fault, or is null.</summary>
    public RefusedException(RefusalKind kind, string message, string? field = null)
        : base(message)
    {
        Kind = kind;
        Field = field;
    }

    /// <summary>Which kind of refusal; decides the HTTP status.</summary>
    [Id(0)]
    public RefusalKind Kind { get; private set; }

    /// <summary>The request member at fault, or null.</summary>
    [Id(1)]
    public string? Field { get; private set; }

    /// <summary>The tier that would allow it, in lower case; null when none is at issue.</summary>
    [Id(2)]
    public string? RequiredTier { get; init; }

    /// <summary>The tier that the tenant has, in lower case.</summary>
    [Id(3)]
    public string? CurrentTier { get; init; }
}
