using Capacitor.Messages;
using Orleans.Concurrency;

namespace Capacitor.Grains.Messages;

/// <summary>The message log on the silo that is asked. Holds nothing, so calls may interleave.</summary>
[GrainType("message-log"), StatelessWorker, Reentrant]
internal sealed class MessageLogGrain(IMessageStore store, MessageRetention retention) : Grain, IMessageLogGrain
{
    public async Task WriteAsync(IReadOnlyList<MessageBlock> blocks) => await store.WriteAsync(blocks, await retention.FindAsync(blocks));

    public Task<MessagePage> ListAsync(string charger, MessageFilter filter, long before, int limit) => store.ListAsync(charger, filter, before, limit);
}
