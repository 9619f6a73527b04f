using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>Silos that die, and one that only seems to.</summary>
[Collection(SharedCluster.Name)]
public sealed class SiloFaultTests(ClusterFixture fixture, ITestOutputHelper output) : FaultTests(fixture, output)
{
    [Fact(Timeout = Bound)]
    public Task Kill_OneSiloOfThree_IsAPause() => UnderLoadAsync(Forgiven.Unavailable, async load =>
    {
        await Cluster.Silos[0].KillAsync();
        await load.WaitForProgressAsync();
        await Cluster.Silos[0].StartAsync();
        await load.WaitForProgressAsync();
    });

    [Fact(Timeout = Bound)]
    public Task Kill_TwoSilosOfThree_IsAPause() => UnderLoadAsync(Forgiven.Unavailable, async load =>
    {
        await Task.WhenAll(Cluster.Silos[0].KillAsync(), Cluster.Silos[1].KillAsync());
        await load.WaitForProgressAsync();
        await Cluster.HealAsync();
        await load.WaitForProgressAsync();
    });

    [Fact(Timeout = Bound)]
    public Task Kill_EveryProcess_IsAPauseUntilTheyAreBack() => UnderLoadAsync(Forgiven.Unavailable | Forgiven.BrokenRequests, async load =>
    {
        await Task.WhenAll([.. Cluster.Silos.Select(silo => silo.KillAsync()), .. Cluster.Apis.Select(api => api.KillAsync())]);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await Cluster.HealAsync();
        Say($"ready again after {System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await load.WaitForProgressAsync();
    });

    [Fact(Timeout = Bound)]
    public Task Freeze_OneSiloForHalfAMinute_ItWritesNothingAndEnds() => UnderLoadAsync(Forgiven.Unavailable, async load =>
    {
        await Cluster.Silos[2].FreezeAsync();
        await load.WaitForProgressAsync();
        await Task.Delay(TimeSpan.FromSeconds(30)); // the fault itself
        await Cluster.Silos[2].ThawAsync();
        await Cluster.Silos[2].WaitForExitAsync(); // it finds itself declared dead
        await Cluster.Silos[2].StartAsync();
        await load.WaitForProgressAsync();
    });
}
