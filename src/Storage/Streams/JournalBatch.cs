using Capacitor.Events;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Capacitor.Storage.Streams;

/// <summary>A tenant's events from one read, as the stream's only item. Never changed once made.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.journal-batch")]
internal sealed class JournalBatch(StreamId streamId, EventSlice slice, EventSequenceTokenV2 token) : IBatchContainer
{
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    [Id(1)]
    public EventSlice Slice { get; } = slice;

    [Id(2)]
    public EventSequenceTokenV2 Token { get; } = token;

    public StreamSequenceToken SequenceToken => Token;

    /// <summary>The receiver's note that every subscriber has had it.</summary>
    [field: NonSerialized]
    public bool IsDelivered { get; set; }

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
        Slice is T item ? [Tuple.Create<T, StreamSequenceToken>(item, Token)] : [];

    public bool ImportRequestContext() => false;
}
