using Capacitor.Chargers;
using Capacitor.Grains.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class EventFilterTests
{
    [Theory]
    [InlineData("transaction.started", true)]
    [InlineData("transaction.updated", true)]
    [InlineData("transaction.invented_later", true)]
    [InlineData("transactions.started", false)]
    [InlineData("transaction", false)]
    [InlineData("charger.boot", true)]
    [InlineData("charger.connected", false)]
    [InlineData("chargerXboot", false)]
    public void Matches_APrefixAndAName(string type, bool expected) => Assert.Equal(expected, new EventFilter(["transaction.*", "charger.boot"]).Matches(type));

    [Theory]
    [InlineData("custom.a", "custom.a", true)]
    [InlineData("custom.a", "custom.b", false)]
    [InlineData("custom.*", "custom.a.b", true)]
    [InlineData("custom.*", "charger.boot", false)]
    [InlineData("*", "custom.a", true)]
    public void Matches_EventsOfTheTenantsOwn(string name, string type, bool expected) => Assert.Equal(expected, new EventFilter([name]).Matches(type));

    [Fact]
    public void OnlyType_IsToldForOneNameAndForNothingElse()
    {
        Assert.Equal("charger.boot", new EventFilter(["charger.boot"]).OnlyType);
        Assert.Null(new EventFilter(["charger.*"]).OnlyType);
        Assert.Null(new EventFilter(["*"]).OnlyType);
        Assert.Null(new EventFilter(["charger.boot", "charger.connected"]).OnlyType);
    }

    [Fact]
    public void Matches_Chargers_InAnyCase()
    {
        var filter = new EventFilter(["*"], ["Charger-1", "CHARGER-2"]);
        Assert.True(filter.Matches("charger.boot", new ChargeBoxId("CHARGER-1")));
        Assert.True(filter.Matches("charger.boot", new ChargeBoxId("charger-2")));
        Assert.False(filter.Matches("charger.boot", new ChargeBoxId("CHARGER-3")));
        Assert.False(filter.Matches("webhook.failing", ChargeBoxId.None));
    }
}
