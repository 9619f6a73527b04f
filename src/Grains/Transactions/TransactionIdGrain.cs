using Capacitor.Events;
using Capacitor.Transactions;

namespace Capacitor.Grains.Transactions;

/// <summary>Remembers which transaction ids were given away.</summary>
[GrainType("transaction-ids")]
internal sealed class TransactionIdGrain([PersistentState("transaction-ids", EventStream.ColdStorage)] IPersistentState<TransactionIdState> ids)
    : Grain, ITransactionIdGrain
{
    public async Task<int> ReserveAsync(int size)
    {
        var first = ids.State.Reserve(size);
        await this.SaveAsync(ids);
        return first;
    }
}

/// <summary>What is stored, and its rule.</summary>
[GenerateSerializer, Alias("capacitor.state.transaction-ids")]
internal sealed class TransactionIdState
{
    private const int MaxSize = 100_000;

    /// <summary>The last id of the last block; 0 before the first.</summary>
    [Id(0)] public int Last { get; set; }

    public int Reserve(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        if (Last > int.MaxValue - size)
        {
            throw new RefusedException(RefusalKind.Unavailable, "All transaction ids that OCPP 1.6 can carry (31 bits) are used up.");
        }

        var first = Last + 1;
        Last += size;
        return first;
    }
}
