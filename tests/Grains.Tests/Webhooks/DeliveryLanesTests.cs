using Capacitor.Chargers;
using Capacitor.Grains.Webhooks;
using Xunit;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class DeliveryLanesTests
{
    private readonly ListJournal _journal = new(TimeProvider.System);
    private readonly DeliveryLanes _lanes = new();

    [Fact]
    public void TryStart_TwoEventsOfOneCharger_StartsTheSecondAfterTheFirstIsDone()
    {
        Add("A", "A");
        var first = Start();
        Assert.Equal(1, first.Event.Position);
        Assert.False(_lanes.TryStart(out _));
        _lanes.Finish(first);
        Assert.Equal(2, Start().Event.Position);
    }

    [Fact]
    public void TryStart_SeveralChargers_TakesTurns()
    {
        Add("A", "A", "B", "C");
        var (a, b, c) = (Start(), Start(), Start());
        Assert.Equal([1, 3, 4], [a.Event.Position, b.Event.Position, c.Event.Position]);
        _lanes.Finish(b);
        _lanes.Finish(a);
        Assert.Equal(2, Start().Event.Position);
    }

    [Fact]
    public void Hold_OfAChargerThatWasReady_StartsNothingUntilItIsReleased_AndThenOneAtATime()
    {
        Add("A", "A", "A");
        var held = _lanes.Hold(new ChargeBoxId("A"));
        Assert.False(_lanes.TryStart(out _));
        Add("B");
        Assert.Equal(4, Start().Event.Position);
        _lanes.Release(held, new ChargeBoxId("A"));
        var first = Start();
        Assert.False(_lanes.TryStart(out _));
        _lanes.Finish(first);
        var second = Start();
        Assert.False(_lanes.TryStart(out _));
        _lanes.Finish(second);
        Assert.Equal([1L, 2, 3], [first.Event.Position, second.Event.Position, Start().Event.Position]);
    }

    [Fact]
    public void Hold_OfAChargerThatWasReady_ReleasedAtOnce_StartsOneAtATime()
    {
        Add("A", "A");
        _lanes.Release(_lanes.Hold(new ChargeBoxId("A")), new ChargeBoxId("A")); // now it is in the queue twice
        var first = Start();
        Assert.False(_lanes.TryStart(out _));
        _lanes.Finish(first);
        _lanes.Finish(Start());
        Assert.False(_lanes.TryStart(out _));
    }

    [Fact]
    public void Earliest_DoneOutOfOrder_StaysAtTheFirstThatIsNot()
    {
        Add("A", "B", "C", "D");
        var (a, b, c) = (Start(), Start(), Start());
        _lanes.Finish(b);
        Assert.Equal((1L, 3, 4L), (_lanes.Earliest!.Value, _lanes.Count, _lanes.Span));
        _lanes.Finish(a);
        Assert.Equal((3L, 2, 2L), (_lanes.Earliest!.Value, _lanes.Count, _lanes.Span));
        _lanes.Finish(c);
        _lanes.Finish(Start());
        Assert.Equal((null, 0, 0L, 0L), (_lanes.Earliest, _lanes.Count, _lanes.Span, _lanes.Bytes));
    }

    [Fact]
    public void AnyOrderOfEnds_ManyChargers_KeepsOrderPerChargerAndTheLowestPosition()
    {
        var random = new Random(7);
        var underWay = new List<Delivery>();
        var open = new SortedSet<long>();
        var last = new Dictionary<string, long>();
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(3))
            {
                case 0:
                    var item = _journal.Append("C" + random.Next(20));
                    _lanes.Add(item);
                    open.Add(item.Position);
                    break;
                case 1 when _lanes.TryStart(out var started):
                    var charger = started.Event.ChargeBoxId.Value;
                    Assert.DoesNotContain(underWay, other => other.Event.ChargeBoxId.Value == charger);
                    Assert.True(started.Event.Position > last.GetValueOrDefault(charger));
                    last[charger] = started.Event.Position;
                    underWay.Add(started);
                    break;
                case 2 when underWay.Count > 0:
                    var done = underWay[random.Next(underWay.Count)];
                    underWay.Remove(done);
                    open.Remove(done.Event.Position);
                    _lanes.Finish(done);
                    break;
                default:
                    break;
            }

            Assert.Equal(open.Count, _lanes.Count);
            Assert.Equal(open.Count == 0 ? null : open.Min, _lanes.Earliest);
        }
    }

    private void Add(params string[] chargers) => Array.ForEach(chargers, charger => _lanes.Add(_journal.Append(charger)));

    private Delivery Start()
    {
        Assert.True(_lanes.TryStart(out var delivery));
        return delivery;
    }
}
