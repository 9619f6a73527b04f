using Capacitor.Grains.Chargers;

namespace Capacitor.Grains.Tests.Chargers;

public sealed class GatewayFarewellsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Taken = Guid.NewGuid();

    private readonly GatewayFarewells _farewells = new();

    [Fact]
    public void FindTaken_OfAGatewayThatHasNotLeft_IsUnknown() => Assert.Null(_farewells.FindTaken("a", Taken));

    [Fact]
    public void FindTaken_OfOneThatLeft_IsWhatItSaid()
    {
        _farewells.Add("a", [Taken], Noon);
        Assert.True(_farewells.FindTaken("a", Taken));
        Assert.False(_farewells.FindTaken("a", Guid.NewGuid()));
        Assert.Null(_farewells.FindTaken("b", Taken));
    }

    [Theory]
    [InlineData(125, false)] // the longest command, and what is asked for it after that
    [InlineData(180, true)]
    public void Forget_AfterAWhile_IsUnknownAgain(int seconds, bool forgotten)
    {
        _farewells.Add("a", [], Noon);
        _farewells.Forget(Noon.AddSeconds(seconds));
        Assert.Equal(forgotten, _farewells.FindTaken("a", Taken) is null);
    }
}
