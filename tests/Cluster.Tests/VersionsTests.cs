using Capacitor.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>A rolling upgrade: the build before the newest change of the code, this one, and the two beside each other.</summary>
public sealed class VersionsTests(EarlierBuild before, ITestOutputHelper output) : IClassFixture<EarlierBuild>
{
    private const int Bound = 240_000;

    private static string SiloNow => Cluster.SiloOf(AppContext.BaseDirectory);

    private static string ApiNow => Cluster.ApiOf(AppContext.BaseDirectory);

    [Fact(Timeout = Bound)]
    public async Task Upgrade_OneProcessAfterTheOther_GrainsMoveBetweenTheVersionsAndBack()
    {
        await using var cluster = await Cluster.StartAsync(
            await PostgresServer.StartNewAsync(),
            [new NodePlace("silo-1", before.Silo), new NodePlace("silo-2", before.Silo)],
            [new NodePlace("api-1", before.Api), new NodePlace("api-2", before.Api)]);
        await cluster.UnderLoadAsync(output, Forgiven.RefusedCommands | Forgiven.UnknownCommands, async load =>
        {
            var (first, second) = (cluster.Silos[0], cluster.Silos[1]);
            await ReplaceAsync(first, SiloNow, load);
            await ReplaceAsync(second, before.Silo, load); // what it held, the new one holds now
            await ReplaceAsync(first, SiloNow, load); // and gives it back to the old one
            await ReplaceAsync(second, SiloNow, load);
            foreach (var api in cluster.Apis)
            {
                await ReplaceAsync(api, ApiNow, load);
            }
        });
    }

    private static async Task ReplaceAsync(ClusterNode node, string program, Load load)
    {
        Assert.Equal(0, await node.StopAsync());
        await load.WaitForProgressAsync();
        await node.StartAsync(program);
        await load.WaitForProgressAsync();
    }
}
