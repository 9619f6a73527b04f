using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>What all tests of faults have in common: a whole cluster, load, the fault, and the account.</summary>
public abstract class FaultTests(ClusterFixture fixture, ITestOutputHelper output)
{
    /// <summary>Milliseconds: a test that takes so long has failed.</summary>
    protected const int Bound = 240_000;

    private protected Cluster Cluster => fixture.Cluster;

    protected void Say(string line) => output.WriteLine(line);

    private protected Task WatchedAsync(Func<Task> test) => Cluster.WatchedAsync(output, test);

    /// <summary>Breaks something while chargers charge, and holds the account to what can be forgiven.</summary>
    private protected Task<Ledger> UnderLoadAsync(Forgiven forgiven, Func<Load, Task> fault, int slowChargers = 0) =>
        Cluster.UnderLoadAsync(output, forgiven, fault, slowChargers: slowChargers);
}
