using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>
/// Lets a caller at the edge wait while the silo that it asks is taken over by others, rather than fail. A call that reached nobody is made again; so is one
/// that only asks, whatever became of it: a silo takes with it what it was about to answer, or to pass on, and a client is not told.
/// The edge's own loop sees to the calls of chargers.
/// </summary>
internal sealed class CallsThroughTakeOver(TimeProvider time) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly string[] OnlyAsking = ["Find", "List", "Read", "Enter", "Admit", "Count"];

    public Task Invoke(IOutgoingGrainCallContext context) =>
        context.SourceId is { } source && !source.IsClient() || context.MethodName == "ReceiveAsync" ? context.Invoke() : InvokePatientlyAsync(context);

    private async Task InvokePatientlyAsync(IOutgoingGrainCallContext context)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception failure) when (MayBeMadeAgain(failure, context.MethodName) && time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    // A silo that became unavailable, or says nothing, may have done what it was asked, and not told.
    private static bool MayBeMadeAgain(Exception failure, string method) => failure switch
    {
        SiloUnavailableException or TimeoutException or OperationCanceledException => OnlyAsking.Any(verb => method.StartsWith(verb, StringComparison.Ordinal)),
        OrleansMessageRejectionException => true,
        _ => false,
    };
}
