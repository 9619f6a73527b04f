using System.Diagnostics;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>Silos that die, and one that only seems to.</summary>
[Collection(SharedCluster.Name)]
public sealed class SiloFaultTests(ClusterFixture fixture, ITestOutputHelper output) : FaultTests(fixture, output)
{
    private const int SilentChargers = 60;

    [Fact(Timeout = Bound)]
    public Task Kill_OneSiloOfThree_IsAPause() => UnderLoadAsync(Forgiven.LostCommands, async load =>
    {
        await Cluster.Silos[0].KillAsync();
        await load.WaitForProgressAsync();
        await Cluster.Silos[0].StartAsync();
        await load.WaitForProgressAsync();
    });

    [Fact(Timeout = Bound)]
    public async Task Kill_TwoSilosOfThree_IsAPauseAndCommandsReachChargersThatSayNothing()
    {
        await using var silent = new ParkedChargers();
        var ledger = await UnderLoadAsync(Forgiven.LostCommands, async load =>
        {
            var ids = Enumerable.Range(1, SilentChargers).Select(n => $"{load.Prefix}silent-{n}").Chunk(SilentChargers / 2).ToList();
            await Task.WhenAll(Cluster.Apis.Zip(ids, silent.ConnectAsync));
            await load.WaitForEventsAsync("charger.connected", silent.Ids);
            await Task.WhenAll(Cluster.Silos[0].KillAsync(), Cluster.Silos[1].KillAsync());
            await load.WaitForProgressAsync();
            await silent.CommandAllAsync(Cluster.Apis[0]);
            await Cluster.HealAsync();
            await load.WaitForProgressAsync();
        });

        Assert.All(silent.Ids, charger => Assert.Equal(["charger.connected"], ledger.StoriesOf(charger)));
    }

    [Fact(Timeout = Bound)]
    public Task Kill_EveryProcess_IsAPauseUntilTheyAreBack() => UnderLoadAsync(Forgiven.Unavailable | Forgiven.BrokenRequests, async load =>
    {
        await Task.WhenAll([.. Cluster.Silos.Select(silo => silo.KillAsync()), .. Cluster.Apis.Select(api => api.KillAsync())]);
        var began = Stopwatch.GetTimestamp();
        await Cluster.HealAsync();
        Say($"ready again after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await load.WaitForProgressAsync();
    });

    [Fact(Timeout = Bound)]
    public async Task Freeze_OneSiloUntilTheOthersHaveTakenOver_ItWritesNothingAndEnds()
    {
        await using var watch = await CommitWatch.StartAsync(Cluster);
        var zombie = Cluster.Silos[2];
        var began = await watch.NowAsync();

        // A list is asked for twice at most, and both may be lost with a silo that takes twelve seconds to be missed.
        await UnderLoadAsync(Forgiven.Unavailable, async load =>
        {
            Assert.NotEmpty(await watch.WrittenByAsync(zombie, since: began));
            await zombie.FreezeAsync();
            await load.WaitForProgressAsync(); // of every charger: also of those whose grains it had
            var thawed = await watch.NowAsync();
            var said = zombie.Log.Length;
            await zombie.ThawAsync();
            await zombie.WaitForExitAsync(); // it finds itself declared dead
            Assert.Empty(await watch.WrittenByAsync(zombie, since: thawed));
            var refused = zombie.Log[said..].Split('\n').Where(line => line.Contains("a change could not be committed", StringComparison.Ordinal)).ToList();
            Say($"{refused.Count} commits of the zombie were refused");
            Assert.All(refused, line => Assert.Contains("InconsistentStateException", line, StringComparison.Ordinal));
            await zombie.StartAsync();
            await load.WaitForProgressAsync();
        });
    }
}
