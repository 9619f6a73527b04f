using Capacitor.Webhooks;

namespace Capacitor.Storage;

/// <summary>What a backend promises of the delivery log besides. Every implementation is held to it by <c>JournalPromises</c> in the tests.</summary>
internal interface IDeliveryLog : IDeliveryStore
{
    /// <summary>Rows that one transaction deletes or ends: a few milliseconds.</summary>
    const int Batch = 256;

    /// <summary>
    /// Rows that a list looks at in one call: a filter that matches little must not make it read a whole month. Where it stopped, its page says.
    /// </summary>
    const int MostRowsLookedAt = 20_000;

    /// <summary>Deletes at most <see cref="Batch"/> rows that have ended and whose time was over before <paramref name="now"/>; answers how many.</summary>
    ValueTask<int> DeleteExpiredAsync(DateTimeOffset now);
}
