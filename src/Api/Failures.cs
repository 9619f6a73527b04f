using System.Data.Common;
using System.Net.Sockets;
using Orleans.Runtime;

namespace Capacitor.Api;

/// <summary>Which failures of a grain call pass by themselves.</summary>
internal static class Failures
{
    /// <summary>
    /// True for what a silo that dies, moves its grains or has lost its database makes of a call. All else is a mistake of ours, which the next attempt would make again.
    /// </summary>
    public static bool Passes(Exception failure) => failure switch
    {
        OrleansException or TimeoutException or IOException or SocketException or DbException or OperationCanceledException => true,
        ObjectDisposedException => true, // of a silo that stops, met by a call that had begun
        AggregateException several => several.InnerExceptions.Any(Passes),
        { InnerException: { } cause } => Passes(cause),
        _ => false,
    };
}
