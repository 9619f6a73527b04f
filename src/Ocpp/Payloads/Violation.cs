namespace Capacitor.Ocpp.Payloads;

/// <summary>Why a payload cannot be worked with: a CALLERROR's code and description.</summary>
/// <param name="Code">One of <see cref="Ocpp16ErrorCodes"/>.</param>
/// <param name="Description">Names the member and says what is allowed.</param>
public sealed record Violation(string Code, string Description);
