namespace Capacitor.Cli.Simulate;

/// <summary>Why the simulation cannot be; the message is a sentence for the person at the keyboard.</summary>
internal sealed class SimulationException(string message, Exception? cause = null) : Exception(message, cause);
