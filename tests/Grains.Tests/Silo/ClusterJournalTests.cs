using Capacitor.Silo;
using Capacitor.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Grains.Tests.Silo;

/// <summary>When a silo that cannot write leaves the cluster to others, and when nobody can.</summary>
public sealed class ClusterJournalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Health _own;
    private readonly Health _other;
    private readonly ClusterJournal _journal;

    public ClusterJournalTests()
    {
        (_own, _other) = (new Health(_time), new Health(_time));
        _journal = new ClusterJournal(_own, Patience);
        Pass(60);
    }

    [Fact]
    public void Hear_CutOffAloneForThePatience_Leaves()
    {
        _own.Turn(false);
        Assert.True(_journal.IsInDoubt);
        Assert.False(Pass(9));
        Assert.True(Pass(1));
        Assert.True(_journal.IsWritable);
    }

    [Fact]
    public void Hear_NobodyCanWrite_StaysAndSaysSo()
    {
        _own.Turn(false);
        _other.Turn(false);
        Assert.False(Pass(9));
        Assert.True(_journal.IsWritable); // it may only be slow
        Assert.False(Pass(600));
        Assert.False(_journal.IsWritable);
    }

    [Fact]
    public void Hear_TheOtherHasOnlyJustComeBack_WaitsWhetherThisOneDoes()
    {
        _own.Turn(false);
        _other.Turn(false);
        Pass(20);
        _other.Turn(true);
        Assert.False(Pass(9));
        Assert.True(_journal.IsWritable);
        Assert.True(Pass(1));
    }

    [Fact]
    public void Hear_FailuresByTurns_LeaveNobody()
    {
        for (var turn = 0; turn < 10; turn++)
        {
            _own.Turn(false);
            _other.Turn(true);
            Assert.False(Pass(9));
            _own.Turn(true);
            _other.Turn(false);
            Assert.False(Pass(9));
            Assert.True(_journal.IsWritable);
        }
    }

    [Fact]
    public void Hear_AloneInTheCluster_Stays()
    {
        _own.Turn(false);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(_journal.Hear([]));
        Assert.False(_journal.IsWritable);
    }

    [Fact]
    public void IsWritable_OnceItWritesAgain_IsTrueAtOnce()
    {
        _own.Turn(false);
        _other.Turn(false);
        Pass(20);
        _own.Turn(true);
        Assert.True(_journal.IsWritable);
        Assert.False(_journal.IsInDoubt);
    }

    private bool Pass(int seconds)
    {
        var leaves = false;
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            leaves = _journal.Hear(_journal.IsInDoubt ? [_other.WritableFor] : []);
        }

        return leaves;
    }

    private sealed class Health(TimeProvider time) : IJournalHealth
    {
        private long _since = time.GetTimestamp();

        public bool? IsWritable { get; private set; } = true;

        public TimeSpan WritableFor => IsWritable == true ? time.GetElapsedTime(_since) : TimeSpan.Zero;

        public TimeSpan UnwritableFor => IsWritable == false ? time.GetElapsedTime(_since) : TimeSpan.Zero;

        public void Turn(bool writable) => (IsWritable, _since) = (writable, time.GetTimestamp());
    }
}
