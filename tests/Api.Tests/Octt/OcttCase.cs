namespace Capacitor.Api.Tests.Octt;

/// <summary>
/// One case of the Open Charge Alliance's compliance tests for central systems of OCPP 1.6, by its id. The steps are ours: they do what the case is about and
/// throw an <see cref="OcttFailure"/> when the server does not behave as it wants.
/// </summary>
internal sealed record OcttCase(string Id, string Title, Func<OcttStation, Task> Steps);

/// <summary>The server does something else than a case wants. The message goes into a document, so it must be the same every time.</summary>
internal sealed class OcttFailure(string message) : Exception(message);
