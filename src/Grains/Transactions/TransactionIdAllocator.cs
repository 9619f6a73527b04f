using Capacitor.Transactions;

namespace Capacitor.Grains.Transactions;

/// <summary>
/// Hands out transaction ids from blocks reserved ahead, so that starting a transaction costs no write of its own. One per silo; safe from any thread.
/// What a stopped silo did not use of its block is never used: ids are unique, not dense.
/// </summary>
internal sealed class TransactionIdAllocator(Func<Task<int>> reserve)
{
    public const int BlockSize = 1_000;

    private const int ReserveWhenLeft = BlockSize / 5;

    private readonly Lock _gate = new();
    private int _last;
    private int _end;
    private int? _spare;
    private Task? _reserving;

    public TransactionIdAllocator(IGrainFactory grains)
        : this(() => grains.GetGrain<ITransactionIdGrain>(ITransactionIdGrain.Key).ReserveAsync(BlockSize))
    {
    }

    /// <summary>An id that nobody else gets. Waits only for the very first block or when storage cannot keep up; fails as the reservation failed.</summary>
    public ValueTask<int> NextAsync()
    {
        lock (_gate)
        {
            if (TryTake(out var id))
            {
                return new(id);
            }
        }

        return new(WaitAsync());
    }

    private async Task<int> WaitAsync()
    {
        while (true)
        {
            Task reserving;
            lock (_gate)
            {
                if (TryTake(out var id))
                {
                    return id;
                }

                reserving = _reserving!;
            }

            await reserving;
        }
    }

    private bool TryTake(out int id)
    {
        if (_last == _end && _spare is { } first)
        {
            (_last, _end, _spare) = (first - 1, first + BlockSize - 1, null);
        }

        var left = _end - _last;
        if (left <= ReserveWhenLeft && _spare is null)
        {
            // Not on the caller's grain: the block belongs to all, and that grain may be gone before the answer is here.
            _reserving ??= Task.Run(ReserveAsync);
        }

        id = left > 0 ? ++_last : 0;
        return left > 0;
    }

    private async Task ReserveAsync()
    {
        try
        {
            var first = await reserve();
            lock (_gate)
            {
                _spare = first;
                _reserving = null;
            }
        }
        catch
        {
            lock (_gate)
            {
                _reserving = null; // the next caller tries again
            }

            throw;
        }
    }
}
