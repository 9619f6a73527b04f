namespace Capacitor.Cluster.Tests;

/// <summary>How a test ended a process.</summary>
internal enum RunEnd
{
    None = 0,
    Stopped = 1,
    Killed = 2,
}

/// <summary>One run of a node's program: where chargers reach it, and what the test did to it. Only with it may they lose their sockets.</summary>
internal sealed class NodeRun(string ocppUrl)
{
    private volatile RunEnd _end;

    public string OcppUrl => ocppUrl;

    public RunEnd End
    {
        get => _end;
        set => _end = value;
    }
}
