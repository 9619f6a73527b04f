using Capacitor.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>What ops do on purpose: more silos, fewer silos, every process anew.</summary>
[Collection(SharedCluster.Name)]
public sealed class ScalingTests(ClusterFixture fixture, ITestOutputHelper output) : FaultTests(fixture, output)
{
    [Fact(Timeout = Bound)]
    public Task Scale_FromOneSiloToThreeAndBack_NobodyNotices() => UnderLoadAsync(Forgiven.Unavailable, async load =>
    {
        await StopTwoAsync(load);
        await Cluster.HealAsync();
        await load.WaitForProgressAsync();
        await StopTwoAsync(load);
    });

    [Fact(Timeout = Bound)]
    public async Task Restart_EveryProcessInTurn_FailsNothingThatWasAccepted()
    {
        List<string> away = [];
        var ledger = await UnderLoadAsync(Forgiven.RefusedCommands, async load =>
        {
            foreach (var silo in Cluster.Silos)
            {
                await RestartAsync(silo, load);
            }

            foreach (var api in Cluster.Apis)
            {
                // One that never comes back: when it is reported, the others would have been, too.
                away.Add($"{load.Prefix}{api.Name}");
                await using var charger = await FakeCharger.ConnectAsync(api.OcppUrl, away[^1]);
                await charger.CallAsync("Heartbeat");
                await RestartAsync(api, load);
            }

            await load.WaitForEventsAsync("charger.disconnected", away);
        });

        ledger.AssertNoAcceptedCommandFailed();
        Assert.All(away, charger => Assert.Equal(["charger.connected", "disconnected server_shutdown"], ledger.StoriesOf(charger)));
    }

    private static async Task RestartAsync(ClusterNode node, Load load)
    {
        Assert.Equal(0, await node.StopAsync());
        await load.WaitForProgressAsync();
        await node.StartAsync();
        await load.WaitForProgressAsync();
    }

    private async Task StopTwoAsync(Load load)
    {
        var codes = await Task.WhenAll(Cluster.Silos.Skip(1).Select(silo => silo.StopAsync()));
        Assert.All(codes, code => Assert.Equal(0, code));
        await load.WaitForProgressAsync();
    }
}
