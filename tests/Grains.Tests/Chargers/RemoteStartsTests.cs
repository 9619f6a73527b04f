using Capacitor.Grains.Chargers;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Grains.Tests.Chargers;

public sealed class RemoteStartsTests
{
    private static readonly StartReport Start = new(1, "TAG", 0, null);

    private readonly FakeTimeProvider _time = new();
    private readonly RemoteStarts _starts;

    public RemoteStartsTests() => _starts = new RemoteStarts(_time, [], TimeSpan.FromMinutes(10));

    [Fact]
    public void Take_AskedForTwiceUnderOneName_OnlyOnce()
    {
        var command = Guid.NewGuid();
        _starts.Ask(command, 1, "TAG");
        _starts.Ask(command, 1, "TAG");

        Assert.True(_starts.Take(Start));
        Assert.False(_starts.Take(Start));
    }

    [Fact]
    public void Forget_OneOfTwoAlike_LeavesTheOther()
    {
        var refused = Guid.NewGuid();
        _starts.Ask(refused, 1, "TAG");
        _starts.Ask(Guid.NewGuid(), 1, "TAG");
        _starts.Forget(refused);

        Assert.True(_starts.Take(Start));
        Assert.Null(_starts.Asked);
    }

    [Fact]
    public void PutBack_WhatWasNotCommitted_IsTakenAgain()
    {
        _starts.Ask(Guid.NewGuid(), null, "tag");
        Assert.True(_starts.Take(Start));
        _starts.PutBack();

        Assert.True(_starts.Take(Start));
        _starts.Settle();
        _starts.PutBack();
        Assert.False(_starts.Take(Start));
    }

    [Fact]
    public void Take_TooLate_IsNotRemoteAndForgotten()
    {
        _starts.Ask(Guid.NewGuid(), 1, "TAG");
        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.False(_starts.Take(Start));
        Assert.Null(_starts.Asked);
    }

    [Fact]
    public void Asked_AfterAMove_GoesOn()
    {
        _starts.Ask(Guid.NewGuid(), 1, "TAG");
        Assert.True(new RemoteStarts(_time, _starts.Asked!, TimeSpan.FromMinutes(10)).Take(Start));
    }

    [Fact]
    public void Ask_MoreThanAreKept_ForgetsTheOldest()
    {
        AskFor(1, 40);
        Assert.Equal(Tags(9, 40), _starts.Asked!.Select(start => start.IdTag));
    }

    [Fact]
    public void Ask_WithExpiredOnesAmongThem_ForgetsThoseFirst()
    {
        AskFor(1, 10);
        _time.Advance(TimeSpan.FromMinutes(11));
        AskFor(11, 32);
        Assert.Equal(Tags(11, 42), _starts.Asked!.Select(start => start.IdTag));
    }

    private static IEnumerable<string> Tags(int first, int last) => Enumerable.Range(first, last - first + 1).Select(n => $"T{n}");

    private void AskFor(int first, int count)
    {
        foreach (var tag in Tags(first, first + count - 1))
        {
            _starts.Ask(Guid.NewGuid(), 1, tag);
        }
    }
}
