using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>PostgreSQL crashes, and is away.</summary>
[Collection(SharedCluster.Name)]
public sealed class DatabaseFaultTests(ClusterFixture fixture, ITestOutputHelper output) : FaultTests(fixture, output)
{
    [Fact(Timeout = Bound)]
    public Task Crash_AndStartAtOnce_IsAPause() => UnderLoadAsync(Forgiven.Unavailable | Forgiven.TryAgain, async load =>
    {
        await Cluster.Database.StopImmediateAsync();
        await Cluster.Database.StartAsync();
        await load.WaitForProgressAsync();
    });

    [Fact(Timeout = Bound)]
    public Task Crash_AndAwayForTwentySeconds_ResumesByItself() => UnderLoadAsync(Forgiven.Unavailable | Forgiven.TryAgain, async load =>
    {
        await Cluster.Database.StopImmediateAsync();
        await Task.Delay(TimeSpan.FromSeconds(20)); // the fault itself
        await Cluster.Database.StartAsync();
        await load.WaitForProgressAsync();
    });
}
