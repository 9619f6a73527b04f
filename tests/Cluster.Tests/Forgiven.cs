namespace Capacitor.Cluster.Tests;

/// <summary>What a test can forgive, because the fault leaves no other way. Nothing is forgiven once the fault is over.</summary>
[Flags]
internal enum Forgiven
{
    Nothing = 0,

    /// <summary>503 and 504 to commands: their end went with the process that was to pass it on.</summary>
    LostCommands = 1,

    /// <summary>503 and 504 to all requests.</summary>
    Unavailable = 2,

    /// <summary>Requests whose connection broke with the process that had it.</summary>
    BrokenRequests = 4,

    /// <summary>
    /// To commands that the charger never got: 503, since it, or its grain, was just on its way from one process to another; and a connection that a process
    /// closes which stops, in the moment in which it is used.
    /// </summary>
    RefusedCommands = 8,

    /// <summary>CALLERROR InternalError, and 503 to a handshake: the charger is told to try again.</summary>
    TryAgain = 16,

    /// <summary>504 to commands that the charger never got: the process that they were taken to is of a version that does not say what it took when it stops.</summary>
    UnknownCommands = 32,
}
