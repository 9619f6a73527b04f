namespace Capacitor.Messages;

/// <summary>The message log's store. What was written before a call is seen by it; a crash of the machine may lose the last moments.</summary>
public interface IMessageStore
{
    /// <summary>
    /// Writes frames, all or none of a day; what is there already is left out, so that a write may be repeated. <paramref name="keptDays"/>: for each tenant of
    /// them, how many days its messages are kept at least.
    /// </summary>
    Task WriteAsync(IReadOnlyList<MessageBlock> blocks, IReadOnlyDictionary<string, int> keptDays);

    /// <summary>
    /// A charger's messages, newest first, from just before <paramref name="before"/>. At most <paramref name="limit"/>, 1 to 1,000; fewer, with more to come, when
    /// the filter lets few pass.
    /// </summary>
    Task<MessagePage> ListAsync(string charger, MessageFilter filter, long before, int limit, CancellationToken cancellation = default);
}
