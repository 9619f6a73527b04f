using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>
/// Lets a caller wait while the silo that it asks is taken over by others, rather than fail. A call that reached nobody is made again; so is one from the edge
/// that only asks, whatever became of it: a silo takes with it what it was about to answer, or to pass on, and a client is not told. Calls to a part of one
/// certain silo, as Orleans makes them, are made once: nobody takes that over. Where a grain is, is looked up so, and all its callers wait for that one look.
/// </summary>
internal sealed class CallsThroughTakeOver(TimeProvider time) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PatienceOfGrain = TimeSpan.FromSeconds(5); // its own callers wait meanwhile
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly string[] OnlyAsking = ["Find", "List", "Read", "Enter", "Admit", "Count", "Route"];

    // The edge's own loops see to these: they know what has happened meanwhile, and remember that a call may have been taken.
    private static readonly string[] OfTheEdge = ["ReceiveAsync", "AttachAsync", "AskAsync"];

    public Task Invoke(IOutgoingGrainCallContext context) => context.SourceId switch
    {
        { } source when source.IsSystemTarget() => context.Invoke(),
        { } source when !source.IsClient() => InvokeOfGrainAsync(context),
        _ when context.TargetId.IsSystemTarget() || OfTheEdge.Contains(context.MethodName) => context.Invoke(),
        _ => InvokePatientlyAsync(context, Patience, static (failure, method) => Reach.Nobody(failure) || (OnlyAsks(method) && MayHaveBeenDone(failure))),
    };

    private async Task InvokeOfGrainAsync(IOutgoingGrainCallContext context)
    {
        if (context.TargetId.IsClient())
        {
            await context.Invoke(); // a gateway that is not there is an answer
            return;
        }

        try
        {
            var patience = context.TargetId.IsSystemTarget() ? TimeSpan.Zero : PatienceOfGrain;
            await InvokePatientlyAsync(context, patience, static (failure, _) => Reach.Nobody(failure));
        }
        catch (Exception failure) when (Reach.Nobody(failure))
        {
            // What the grain was doing may be half done. Its caller would take a rejection for its own, that is for a call that reached nobody.
            throw new SiloUnavailableException($"{context.MethodName}, called by a grain, reached nobody: {failure.Message}", failure);
        }
    }

    private async Task InvokePatientlyAsync(IOutgoingGrainCallContext context, TimeSpan patience, Func<Exception, string, bool> mayBeMadeAgain)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception failure) when (mayBeMadeAgain(failure, context.MethodName) && time.GetElapsedTime(began) < patience)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    // A silo that became unavailable, stopped in the middle, or says nothing, may have done what it was asked, and not told.
    private static bool MayHaveBeenDone(Exception failure) =>
        failure is SiloUnavailableException or TimeoutException or OperationCanceledException or ObjectDisposedException;

    private static bool OnlyAsks(string method) => OnlyAsking.Any(verb => method.StartsWith(verb, StringComparison.Ordinal));
}
