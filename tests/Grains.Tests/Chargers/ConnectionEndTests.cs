using Capacitor.Chargers;
using Capacitor.Grains.Chargers;
using Capacitor.Tenants;

namespace Capacitor.Grains.Tests.Chargers;

/// <summary>What a socket is told that speaks and is not the charger's connection.</summary>
public sealed class ConnectionEndTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);
    private readonly ChargerState _state = new();
    private readonly long _epoch;

    public ConnectionEndTests()
    {
        _state.Register(new TenantId("t1"), new NewCharger { ChargeBoxId = new ChargeBoxId("CP") }, Noon);
        _epoch = _state.Attach("gateway", 1, Noon);
    }

    [Fact]
    public void FindEnd_WhileItIsTheCharger_IsNone() => Assert.Null(_state.FindEnd(_epoch));

    [Fact]
    public void FindEnd_ReportedLost_IsLost()
    {
        _state.Detach(DisconnectReason.ServerShutdown, Noon);
        Assert.Equal(SocketEnd.Lost, _state.FindEnd(_epoch));
    }

    [Fact]
    public void FindEnd_ANewerSocketIsThereOrWas_IsReplaced()
    {
        _state.Attach("other", 1, Noon);
        Assert.Equal(SocketEnd.Replaced, _state.FindEnd(_epoch));
        _state.Detach(DisconnectReason.Closed, Noon);
        Assert.Equal(SocketEnd.Replaced, _state.FindEnd(_epoch));
    }

    [Fact]
    public void FindEnd_RemovedMeanwhile_IsRemoved()
    {
        _state.Remove(Noon);
        Assert.Equal(SocketEnd.Removed, _state.FindEnd(_epoch));
    }
}
