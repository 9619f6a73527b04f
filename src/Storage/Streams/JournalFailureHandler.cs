using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace Capacitor.Storage.Streams;

/// <summary>A subscriber did not take a batch: it is told of, and given out again.</summary>
internal sealed partial class JournalFailureHandler(Action<StreamSequenceToken?> repeat, ILogger<JournalFailureHandler> logger) : IStreamFailureHandler
{
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        Log.NotDelivered(logger, streamIdentity, sequenceToken);
        repeat(sequenceToken);
        return Task.CompletedTask;
    }

    public Task OnSubscriptionFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        Log.NotSubscribed(logger, streamIdentity, sequenceToken);
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(5021, LogLevel.Error, "Events of {Stream} from position {Position} were not taken by their reader; they are offered again")]
        public static partial void NotDelivered(ILogger logger, StreamId stream, StreamSequenceToken? position);

        [LoggerMessage(5022, LogLevel.Error, "The reader of {Stream} could not be subscribed at position {Position}")]
        public static partial void NotSubscribed(ILogger logger, StreamId stream, StreamSequenceToken? position);
    }
}
