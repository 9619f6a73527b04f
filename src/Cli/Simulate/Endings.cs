namespace Capacitor.Cli.Simulate;

/// <summary>When a charger is to end.</summary>
/// <param name="AttemptsAllowed">How often it may fail to connect in a row; null for as often as it likes.</param>
/// <param name="Stop">It should say goodbye in its own time.</param>
/// <param name="Abort">It must go.</param>
internal sealed record Endings(int? AttemptsAllowed, CancellationToken Stop, CancellationToken Abort);
