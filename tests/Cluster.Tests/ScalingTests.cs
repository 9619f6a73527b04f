using Capacitor.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>What ops do on purpose: more silos, fewer silos, every process anew. Some of the chargers take up to 20 seconds to answer a command.</summary>
[Collection(SharedCluster.Name)]
public sealed class ScalingTests(ClusterFixture fixture, ITestOutputHelper output) : FaultTests(fixture, output)
{
    private const int Newcomers = 20;
    private const int MostTimes = 15;
    private const int SlowChargers = 3;

    [Fact(Timeout = Bound)]
    public async Task Scale_FromOneSiloToThreeAndBack_NobodyNotices()
    {
        await using var watch = await CommitWatch.StartAsync(Cluster);
        await using var newcomers = new ParkedChargers();
        await UnderLoadAsync(
            Forgiven.Nothing,
            async load =>
            {
                await StopTwoAsync(load);
                var began = await watch.NowAsync();
                await Cluster.HealAsync();
                var added = Cluster.Silos.Skip(1).Select(silo => silo.Name).ToHashSet();
                for (var times = 1; !added.IsSubsetOf(await watch.WritersOfAsync(newcomers.Ids, since: began)); times++)
                {
                    // Each goes to the silo that has least to do, which one that has just started need not be.
                    Assert.True(times <= MostTimes, $"{newcomers.Ids.Count()} chargers came, and not every silo that was added has taken one");
                    await newcomers.ConnectAsync(Cluster.Apis[0], Enumerable.Range(1, Newcomers).Select(n => $"{load.Prefix}new-{times}-{n}"));
                    await newcomers.ReportAsync($"new {times}");
                }

                await StopTwoAsync(load);
                began = await watch.NowAsync();
                await newcomers.ReportAsync("still here");
                await newcomers.CommandAllAsync(Cluster.Apis[1]);
                Assert.Equal([Cluster.Silos[0].Name], await watch.WritersOfAsync(newcomers.Ids, since: began));
            },
            SlowChargers);
    }

    [Fact(Timeout = Bound)]
    public async Task Restart_EveryProcessInTurn_FailsNothingThatWasAccepted()
    {
        List<string> away = [];
        var ledger = await UnderLoadAsync(
            Forgiven.RefusedCommands,
            async load =>
            {
                foreach (var silo in Cluster.Silos)
                {
                    await RestartAsync(silo, load);
                }

                foreach (var api in Cluster.Apis)
                {
                    // One that never comes back: when it is reported, the others would have been, too.
                    away.Add($"{load.Prefix}{api.Name}");
                    await using var charger = await FakeCharger.ConnectAsync(api.Run.OcppUrl, away[^1]);
                    await charger.CallAsync("Heartbeat");
                    await RestartAsync(api, load);
                }

                await load.WaitForEventsAsync("charger.disconnected", away);
            },
            SlowChargers);

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
