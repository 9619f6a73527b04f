using System.Reflection;
using Capacitor.Events;
using Capacitor.Storage.Streams;
using Capacitor.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;
using Orleans.Streams;

namespace Capacitor.Storage.Tests;

public sealed class ReceiverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OpenJournal _open;
    private readonly TenantId[] _tenants;

    public ReceiverTests()
    {
        _open = OpenJournal.Sqlite(_folder.Path);
        // Tenants that share the partition of the first.
        _tenants = [.. Enumerable.Range(0, 10_000).Select(n => new TenantId("ten_" + n)).Where(t => Journal.PartitionOf(t) == 0).Take(30)];
    }

    private IJournal Journal => _open.Journal;

    public void Dispose()
    {
        _open.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task GetQueueMessages_SeveralTenants_OneSliceEachThatSaysWhatItFollows()
    {
        var receiver = await StartAsync();
        await AppendAsync(0, 1, 0);
        var first = await ReadAsync(receiver);
        await AppendAsync(1, 2, 0);
        var second = await ReadAsync(receiver);

        Assert.Equal([(0, 0L, 3L), (1, 0L, 2L)], first.Select(Plain));
        // Tenant 2 is seen for the first time: nothing of it lies after the receiver's start.
        Assert.Equal([(1, 2L, 4L), (2, 0L, 5L), (0, 3L, 6L)], second.Select(Plain));
        Assert.Equal([1L, 2L, 4L, 5L, 6L], first.Concat(second).Select(b => b.SequenceToken.SequenceNumber));
    }

    [Fact]
    public async Task GetQueueMessages_FromACheckpoint_FirstSlicesFollowIt()
    {
        await AppendAsync(0, 0, 1);
        await Journal.WriteCheckpointAsync(0, 2);
        var batches = await ReadAsync(await StartAsync());

        Assert.Equal([(1, 2L, 3L)], batches.Select(Plain));
    }

    [Fact]
    public async Task GetQueueMessages_MoreTenantsThanAskedFor_LeavesTheRestForTheNextRead()
    {
        var receiver = await StartAsync();
        await AppendAsync([.. Enumerable.Range(0, 30), .. Enumerable.Range(0, 30)]);
        List<JournalBatch> batches = [];
        while (batches.Sum(b => b.Slice.Events.Count) < 60)
        {
            var read = await ReadAsync(receiver, 7);
            Assert.InRange(read.Count, 1, 7);
            batches.AddRange(read);
        }

        Assert.Equal(Enumerable.Range(1, 60).Select(n => (long)n), batches.SelectMany(b => b.Slice.Events).Select(e => e.Position).Order());
    }

    [Fact]
    public async Task GetQueueMessages_NothingThere_ComesBackEmptyWhenCancelled()
    {
        var receiver = await StartAsync();
        using CancellationTokenSource cancelled = new();
        var waiting = receiver.GetQueueMessagesAsync(100, cancelled.Token);
        await cancelled.CancelAsync();

        Assert.Empty(await waiting);
    }

    // An exception would cost the partition ten seconds and more: so long the stream's agent then leaves it alone.
    [Theory]
    [InlineData(nameof(IJournal.ReadCheckpointAsync))]
    [InlineData(nameof(IJournal.WaitForAsync))]
    [InlineData(nameof(IJournal.ReadPartitionAsync))]
    public async Task GetQueueMessages_JournalFailsForAMoment_NothingIsThrownAndTheNextReadHasAll(string call)
    {
        await AppendAsync(0, 1);
        var journal = FailingJournal.Make(Journal, call);
        JournalQueueReceiver receiver = new(journal, 0, repeatAfter: TimeSpan.Zero, NullLogger.Instance);

        Assert.Empty(await ReadAsync(receiver));
        Assert.Equal([(0, 0L, 1L), (1, 0L, 2L)], (await ReadAsync(receiver)).Select(Plain));
    }

    [Fact]
    public async Task MessagesDelivered_OldestStillOut_CheckpointStaysBeforeIt()
    {
        var receiver = await StartAsync();
        await AppendAsync(0, 1, 1);
        var batches = await ReadAsync(receiver);
        await receiver.MessagesDeliveredAsync([batches[1]]);
        await receiver.Shutdown(TimeSpan.FromSeconds(30));
        Assert.Equal(0, await Journal.ReadCheckpointAsync(0));

        await receiver.MessagesDeliveredAsync([batches[0]]);
        await receiver.Shutdown(TimeSpan.FromSeconds(30));
        Assert.Equal(3, await Journal.ReadCheckpointAsync(0));
    }

    [Fact]
    public async Task Failed_Twice_NewestIsOfferedAgainAndTheCheckpointWaitsForIt()
    {
        var receiver = await StartAsync();
        await AppendAsync(0);
        var older = Assert.Single(await ReadAsync(receiver));
        await AppendAsync(0);
        var newer = Assert.Single(await ReadAsync(receiver));
        receiver.Failed(older.SequenceToken);
        receiver.Failed(newer.SequenceToken);
        await receiver.MessagesDeliveredAsync([]);
        await AppendAsync(1);

        var again = Assert.Single(await ReadAsync(receiver));
        Assert.Equal(Plain(newer), Plain(again)); // its After tells the reader to look for the older one itself
        Assert.True(again.SequenceToken.Newer(newer.SequenceToken));
        var next = Assert.Single(await ReadAsync(receiver));
        Assert.True(next.SequenceToken.Newer(again.SequenceToken));
        await receiver.MessagesDeliveredAsync([next]);
        await receiver.Shutdown(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await Journal.ReadCheckpointAsync(0));
        await receiver.MessagesDeliveredAsync([again]);
        await receiver.Shutdown(TimeSpan.FromSeconds(30));
        Assert.Equal(3, await Journal.ReadCheckpointAsync(0));
    }

    [Fact]
    public async Task GetQueueMessages_TooMuchOut_WaitsForDeliveries()
    {
        var receiver = await StartAsync();
        for (var n = 0; n < 20; n++)
        {
            await Journal.AppendAsync([.. Enumerable.Range(0, 1000).Select(e => Make.Event($"evt_{n}_{e}", _tenants[0]))]);
        }
        List<JournalBatch> batches = [];
        for (var read = await ReadAsync(receiver); read.Count > 0; read = await ReadAsync(receiver))
        {
            batches.AddRange(read);
        }
        Assert.Equal(16 * 1024, batches.Sum(b => b.Slice.Events.Count));

        await receiver.MessagesDeliveredAsync([.. batches]);
        Assert.Equal(16 * 1024, Assert.Single(await ReadAsync(receiver)).Slice.After);
    }

    [Fact]
    public void TenantPositions_Forgetting_NeverHidesAnEvent()
    {
        Random random = new(20260301);
        TenantPositions positions = new(start: 100, capacity: 5);
        Dictionary<TenantId, long> last = [];
        for (var position = 101L; position < 20_000; position++)
        {
            var tenant = new TenantId("ten_" + random.Next(40));
            var before = positions.Before(tenant);
            Assert.InRange(before, last.GetValueOrDefault(tenant, 100), position - 1);
            positions.Saw(tenant, position);
            last[tenant] = position;
            if (random.Next(10) == 0)
            {
                positions.ReadTo(position);
            }
        }
    }

    [Fact]
    public async Task Batch_ThroughTheSerializer_IsTheSame()
    {
        var receiver = await StartAsync();
        await AppendAsync(0, 0);
        var batch = Assert.Single(await ReadAsync(receiver));
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var copy = (JournalBatch)serializer.Deserialize<IBatchContainer>(serializer.SerializeToArray<IBatchContainer>(batch))!;

        Assert.Equal(batch.StreamId, copy.StreamId);
        Assert.Equal(Plain(batch), Plain(copy));
        Assert.Equal(batch.SequenceToken, copy.SequenceToken);
        Assert.Equal(batch.Slice.Events.Select(e => e.Id), copy.Slice.Events.Select(e => e.Id));
        Assert.Same(copy.Slice, Assert.Single(copy.GetEvents<EventSlice>()).Item1);
    }

    private async Task<JournalQueueReceiver> StartAsync()
    {
        JournalQueueReceiver receiver = new(Journal, 0, repeatAfter: TimeSpan.Zero, NullLogger.Instance);
        await receiver.Initialize(TimeSpan.FromSeconds(30));
        return receiver;
    }

    private async Task AppendAsync(params int[] tenants) => await Journal.AppendAsync([.. tenants.Select(tenant => Make.Event("evt", _tenants[tenant]))]);

    private static async Task<List<JournalBatch>> ReadAsync(JournalQueueReceiver receiver, int most = 100) =>
        [.. (await receiver.GetQueueMessagesAsync(most, CancellationToken.None)).Cast<JournalBatch>()];

    private (int Tenant, long After, long UpTo) Plain(JournalBatch batch) => (Array.IndexOf(_tenants, batch.Slice.Events[0].Tenant), batch.Slice.After, batch.Slice.UpTo);

    /// <summary>A journal whose database is away for one call.</summary>
    public class FailingJournal : DispatchProxy
    {
        private IJournal _journal = null!;
        private string? _fails;

        internal static IJournal Make(IJournal journal, string fails)
        {
            var made = Create<IJournal, FailingJournal>();
            var failing = (FailingJournal)(object)made;
            (failing._journal, failing._fails) = (journal, fails);
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != _fails)
            {
                return targetMethod.Invoke(_journal, args);
            }

            _fails = null;
            throw new IOException("The database is away.");
        }
    }
}
