using Capacitor.Messages;

namespace Capacitor.Storage.Messages;

/// <summary>What a backend promises of the message log besides. Every implementation is held to it by <c>MessagePromises</c> in the tests.</summary>
internal interface IMessageLog : IMessageStore
{
    /// <summary>Messages that a list looks at in one call: a filter that matches little must not make it read a whole month. Where it stopped, its page says.</summary>
    const int MostLookedAt = 20_000;

    /// <summary>Deletes what need not be kept any longer; answers how many rows or, where whole days go at once, files.</summary>
    Task<long> DeleteExpiredAsync(DateTimeOffset now, CancellationToken cancellation = default);
}
