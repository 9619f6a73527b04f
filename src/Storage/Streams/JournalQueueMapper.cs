using Capacitor.Events;
using Capacitor.Tenants;
using Orleans.Runtime;
using Orleans.Streams;

namespace Capacitor.Storage.Streams;

/// <summary>A queue is a partition of the journal; queues are spread evenly over the ring of silos.</summary>
internal sealed class JournalQueueMapper : IConsistentRingStreamQueueMapper
{
    private readonly IJournal _journal;
    private readonly QueueId[] _queues;

    public JournalQueueMapper(IJournal journal, string name)
    {
        _journal = journal;
        _queues = new QueueId[journal.Partitions];
        for (var partition = 0; partition < _queues.Length; partition++)
        {
            _queues[partition] = QueueId.GetQueueId(name, (uint)partition, (uint)((1L << 32) / _queues.Length * partition));
        }
    }

    public static int PartitionOf(QueueId queue) => (int)queue.GetNumericId();

    public IEnumerable<QueueId> GetAllQueues() => _queues;

    public QueueId GetQueueForStream(StreamId streamId) => _queues[_journal.PartitionOf(TenantOf(streamId))];

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) => [.. _queues.Where(queue => range.InRange(queue.GetUniformHashCode()))];

    /// <summary>The tenant of a stream. Throws for a stream that is none of <see cref="EventStream"/>.</summary>
    public static TenantId TenantOf(StreamId streamId) =>
        streamId.GetNamespace() == EventStream.Namespace
            ? TenantId.FromGrainKey(streamId.GetKeyAsString())
            : throw new NotSupportedException($"The journal carries the streams of the namespace '{EventStream.Namespace}' only, not {streamId}.");
}
