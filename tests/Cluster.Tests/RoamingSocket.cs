using Capacitor.Testing;

namespace Capacitor.Cluster.Tests;

/// <summary>One of the sockets that a roaming charger had, and the process that had its other end.</summary>
internal sealed class RoamingSocket(FakeCharger connection, NodeRun run)
{
    private const int ServiceRestart = 1012;

    public FakeCharger Connection => connection;

    /// <summary>True when a call was answered here, so that the journal must have the connection.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>True when the charger itself ended it.</summary>
    public bool IsCut { get; set; }

    /// <summary>Why the charger should still have this socket, or should have been told better; null when all is well.</summary>
    public string? Complaint => IsCut || connection.End is not { } end ? null : run.End switch
    {
        RunEnd.Killed => null,
        RunEnd.Stopped when (int?)end.Status == ServiceRestart => null,
        RunEnd.Stopped => $"lost its socket with a process that was stopped, and was not told so: {end}",
        _ => $"lost its socket at a process that nobody stopped: {end}",
    };
}
