using System.Collections.Concurrent;
using Capacitor.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Capacitor.Storage.Streams;

/// <summary>The Orleans stream over the journal: what is committed is read from it, what is published is committed to it.</summary>
internal sealed class JournalQueueAdapter(IJournal journal, string name, JournalMetrics metrics, ILoggerFactory loggers) : IQueueAdapterFactory, IQueueAdapter
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<QueueId, JournalQueueReceiver> _receivers = [];
    private readonly JournalQueueMapper _mapper = new(journal, name);
    private readonly SimpleQueueAdapterCache _cache = new(new SimpleQueueCacheOptions(), name, loggers);

    public string Name => name;

    // Where a reader goes on is its own affair: it knows its position, and the slices say what they follow.
    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public static IQueueAdapterFactory Create(IServiceProvider services, string name) =>
        new JournalQueueAdapter(services.GetRequiredService<IJournal>(), name, services.GetRequiredService<JournalMetrics>(), services.GetRequiredService<ILoggerFactory>());

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(
        new JournalFailureHandler(token => _receivers.GetValueOrDefault(queueId)?.Failed(token), loggers.CreateLogger<JournalFailureHandler>()));

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId)
    {
        var partition = JournalQueueMapper.PartitionOf(queueId);
        JournalQueueReceiver receiver = new(journal, partition, RepeatAfter, loggers.CreateLogger<JournalQueueReceiver>());
        metrics.Track(partition, receiver);
        return _receivers[queueId] = receiver;
    }

    public async Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        var tenant = JournalQueueMapper.TenantOf(streamId);
        List<NewEvent> appended = [];
        foreach (var item in events)
        {
            appended.Add(item switch
            {
                NewEvent known when known.Tenant == tenant => known,
                NewEvent => throw new NotSupportedException("An event goes to the stream of its own tenant."),
                _ => throw new NotSupportedException($"The journal's streams carry {nameof(NewEvent)}, not {typeof(T)}."),
            });
        }
        await journal.AppendAsync(appended);
    }
}
