namespace Capacitor.Cli.Simulate;

/// <summary>A charger got no connection; the message says why.</summary>
internal sealed class UnreachableServerException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A connection ended before the answer came.</summary>
internal sealed class ConnectionLostException(string message) : Exception(message);
