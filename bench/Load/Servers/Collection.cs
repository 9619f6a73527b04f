using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Capacitor.Load.Servers;

/// <summary>
/// Makes another .NET process collect its whole heap, as its diagnostic tools do. They wait for their sockets: never on the one thread that serves all of this
/// process's.
/// </summary>
internal sealed class Collection : IAsyncDisposable
{
    private const long Collect = 0x800000; // GCHeapCollect

    private readonly EventPipeSession _session;
    private readonly Task _reading;

    private Collection(EventPipeSession session)
    {
        _session = session;
        _reading = Task.Run(() => session.EventStream.CopyTo(Stream.Null)); // a session that nobody reads does not end
    }

    /// <summary>Asks for it; dispose what is returned when it is done.</summary>
    public static Task<Collection> BeginAsync(int processId) => Task.Run(() => new Collection(new DiagnosticsClient(processId).StartEventPipeSession(
        [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, Collect)], requestRundown: false, circularBufferMB: 1)));

    public async ValueTask DisposeAsync()
    {
        await Task.Run(_session.Stop);
        await _reading;
        await Task.Run(_session.Dispose);
    }
}

/// <summary>What a process holds, in KiB.</summary>
/// <param name="Heap">Objects on its managed heap.</param>
/// <param name="Committed">By the collector, for its heap.</param>
/// <param name="Resident">In all.</param>
/// <param name="Peak">The most that it held in all.</param>
internal readonly record struct Memory(double Heap, double Committed, double Resident, double Peak)
{
    public override string ToString() => $"{Heap / 1024:0.0} MiB of objects, {Committed / 1024:0} MiB committed for them, {Resident / 1024:0} MiB resident (at most {Peak / 1024:0})";
}
