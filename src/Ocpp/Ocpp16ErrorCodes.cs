namespace Capacitor.Ocpp;

/// <summary>
/// The CALLERROR codes of OCPP 1.6 in the spellings of its document, mistakes included: chargers that do not know a code send the faulty message again for ever.
/// </summary>
public static class Ocpp16ErrorCodes
{
    /// <summary>The action is not known.</summary>
    public const string NotImplemented = "NotImplemented";

    /// <summary>The action is known and not supported.</summary>
    public const string NotSupported = "NotSupported";

    /// <summary>The receiver failed.</summary>
    public const string InternalError = "InternalError";

    /// <summary>The message breaks the protocol around the payload.</summary>
    public const string ProtocolError = "ProtocolError";

    /// <summary>A matter of security, such as a request before the boot was accepted.</summary>
    public const string SecurityError = "SecurityError";

    /// <summary>The payload is no JSON object. 2.x spells it FormatViolation.</summary>
    public const string FormationViolation = "FormationViolation";

    /// <summary>A member has a value that is not allowed.</summary>
    public const string PropertyConstraintViolation = "PropertyConstraintViolation";

    /// <summary>A required member is missing. 2.x spells it with a double r.</summary>
    public const string OccurenceConstraintViolation = "OccurenceConstraintViolation";

    /// <summary>A member has the wrong JSON type.</summary>
    public const string TypeConstraintViolation = "TypeConstraintViolation";

    /// <summary>Anything else.</summary>
    public const string GenericError = "GenericError";
}
