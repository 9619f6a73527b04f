using Capacitor.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>Apis that hold grains as well, and no silo beside them.</summary>
public sealed class HostedSiloTests(ITestOutputHelper output)
{
    private const int Bound = 240_000;

    [Fact(Timeout = Bound)]
    public async Task Kill_OneOfTwoApisThatHostSilos_TheOtherTakesOverSocketsAndGrains()
    {
        await using var cluster = await Cluster.StartAsync(
            await PostgresServer.StartNewAsync(),
            [],
            Enumerable.Range(1, 2).Select(n => new NodePlace($"host-{n}", Cluster.ApiOf(AppContext.BaseDirectory)) { HostsSilo = true }));
        await cluster.UnderLoadAsync(output, Forgiven.LostCommands | Forgiven.BrokenRequests, async load =>
        {
            await cluster.Apis[0].KillAsync();
            await load.WaitForProgressAsync();
            await cluster.Apis[0].StartAsync();
            await load.WaitForProgressAsync();
        });
    }
}
