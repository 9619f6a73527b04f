using Capacitor.Grains.Transactions;

namespace Capacitor.Grains.Tests.Transactions;

public sealed class TransactionIdAllocatorTests
{
    private readonly Blocks _blocks = new();

    [Fact]
    public async Task Next_ManyAtOnce_GivesEachIdOnce()
    {
        var ids = new TransactionIdAllocator(_blocks.ReserveAsync);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var mine = new List<int>();
            for (var i = 0; i < 2_500; i++)
            {
                mine.Add(await ids.NextAsync());
            }

            return mine;
        })));
        Assert.Equal(Enumerable.Range(1, 20_000), taken.SelectMany(mine => mine).Order());
    }

    [Fact]
    public async Task Next_BeforeTheBlockIsUsedUp_ReservesTheNextOneAndNobodyWaits()
    {
        var ids = new TransactionIdAllocator(_blocks.ReserveAsync);
        var first = await ids.NextAsync();
        for (var id = first + 1; id <= TransactionIdAllocator.BlockSize * 4 / 5; id++)
        {
            AssertAtOnce(ids.NextAsync());
        }

        Assert.Equal(1, _blocks.Reserved);
        await ids.NextAsync();
        await _blocks.SecondReserved;
        AssertAtOnce(ids.NextAsync());
        Assert.Equal(2, _blocks.Reserved);
    }

    [Fact]
    public async Task Next_AfterAReservationFailed_TriesAgain()
    {
        var ids = new TransactionIdAllocator(_blocks.ReserveAsync);
        _blocks.Failure = new TimeoutException("storage is slow");
        await Assert.ThrowsAsync<TimeoutException>(() => ids.NextAsync().AsTask());
        _blocks.Failure = null;
        Assert.Equal(1, await ids.NextAsync());
    }

    [Fact]
    public void Reserve_NearTheEndOfInt32_RefusesToOverflow()
    {
        var state = new TransactionIdState { Last = int.MaxValue - 1_000 };
        Assert.Equal(int.MaxValue - 999, state.Reserve(1_000));
        Assert.Equal(RefusalKind.Unavailable, Assert.Throws<RefusedException>(() => state.Reserve(1)).Kind);
        Assert.Equal(int.MaxValue, state.Last);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_001)]
    public void Reserve_ASizeOutOfRange_IsAnError(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new TransactionIdState().Reserve(size));

    private static void AssertAtOnce(ValueTask<int> id) => Assert.True(id.IsCompletedSuccessfully);

    private sealed class Blocks
    {
        private readonly TransactionIdState _state = new();
        private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; set; }

        public int Reserved { get; private set; }

        public Task SecondReserved => _second.Task;

        public async Task<int> ReserveAsync()
        {
            await Task.Yield();
            if (Failure is { } failure)
            {
                throw failure;
            }

            Reserved++;
            if (Reserved == 2)
            {
                _second.SetResult();
            }

            return _state.Reserve(TransactionIdAllocator.BlockSize);
        }
    }
}
