using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Capacitor.Load.Servers;

/// <summary>Makes another .NET process collect its whole heap, as its diagnostic tools do.</summary>
internal static class Collection
{
    private const long Collect = 0x800000; // GCHeapCollect

    /// <summary>Asks for it; dispose what is returned when it is done.</summary>
    public static IDisposable Begin(int processId) => new DiagnosticsClient(processId)
        .StartEventPipeSession([new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, Collect)], requestRundown: false, circularBufferMB: 1);
}

/// <summary>What a process holds, in KiB.</summary>
/// <param name="Heap">On its managed heap.</param>
/// <param name="Resident">In all.</param>
/// <param name="Peak">The most that it held in all.</param>
internal readonly record struct Memory(double Heap, double Resident, double Peak);
