using Capacitor.Events;
using Capacitor.IdTags;

namespace Capacitor.Grains.IdTags;

/// <summary>
/// Counts a tag's transactions, so that no more begin than may: those that the journal knows to be open, and those that were granted a moment ago and are not
/// in the journal yet. In memory: what is forgotten with a silo is what was granted in the moment before.
/// </summary>
internal sealed class StartGrants(IJournalReader journal, TimeProvider time)
{
    // A start that is granted is committed at once; one whose charger never commits it is forgotten after this.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<Grant> _grants = [];

    /// <summary>True when the transaction may be one of at most <paramref name="most"/>. The caller lets one at a time in.</summary>
    public async Task<bool> TryGrantAsync(IdTagId tag, IdTagStart start, int most)
    {
        // A connector has one transaction at a time: whatever was granted it before, this start takes its place.
        _grants.RemoveAll(grant => grant.ConnectorId == start.ConnectorId && grant.Charger == start.Charger);
        while (true)
        {
            await ForgetCommittedAsync(tag);
            var open = await journal.CountOpenTransactionsAsync(tag.Tenant, tag.Text) - start.Superseded;
            var granted = _grants.Count;
            if (open + granted < most)
            {
                _grants.Add(new(start.Charger, start.ConnectorId, start.TransactionId, time.GetUtcNow()));
                return true;
            }

            // One that was committed between the two looks was counted twice.
            if (granted == 0 || !await ForgetCommittedAsync(tag))
            {
                return false;
            }
        }
    }

    private async Task<bool> ForgetCommittedAsync(IdTagId tag)
    {
        var before = _grants.Count;
        foreach (var grant in _grants.ToArray())
        {
            if (time.GetUtcNow() - grant.At > Patience || await journal.FindTransactionAsync(tag.Tenant, grant.TransactionId) is not null)
            {
                _grants.Remove(grant);
            }
        }

        return _grants.Count < before;
    }

    private sealed record Grant(string Charger, int ConnectorId, int TransactionId, DateTimeOffset At);
}
