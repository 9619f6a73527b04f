using Capacitor.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>A silo that lives and is cut off: from the database, from the other silos.</summary>
public sealed class PartitionTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Bound = 240_000;
    private const int Silos = 3;

    private NetworkLab _lab = null!;
    private Cluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _lab = await NetworkLab.BuildAsync(Silos);
        _cluster = await Cluster.StartAsync(
            await PostgresServer.StartNewAsync(_lab.Database),
            Enumerable.Range(1, Silos).Select(n => new NodePlace($"silo-{n}", Cluster.SiloOf(AppContext.BaseDirectory))
            {
                Address = $"{_lab.AddressOf(n)}",
                Namespace = _lab.NamespaceOf(n),
            }),
            Enumerable.Range(1, 2).Select(n => new NodePlace($"api-{n}", Cluster.ApiOf(AppContext.BaseDirectory)) { Address = $"{_lab.Host}" }));
    }

    public async Task DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }

        if (_lab is { } lab)
        {
            await lab.DisposeAsync();
        }
    }

    [Fact(Timeout = Bound)]
    public Task Cut_SiloFromDatabaseAndThenFromOtherSilos_LosesNothing() => _cluster.UnderLoadAsync(
        output,
        Forgiven.Unavailable,
        async load =>
        {
            await _lab.CutAsync(1, _lab.Database);
            Assert.Equal(3, await _cluster.Silos[0].WaitForExitAsync()); // the others can write, so it is of no use
            await load.WaitForProgressAsync();
            output.WriteLine($"cut off from the database: longest pause {load.LongestPause.TotalSeconds:0.0} s");
            await _lab.MendAsync(1, _lab.Database);
            await _cluster.HealAsync();

            await Task.WhenAll(_lab.CutAsync(2, _lab.AddressOf(1)), _lab.CutAsync(2, _lab.AddressOf(3)));
            await _cluster.Silos[1].WaitForExitAsync(); // the majority has declared it dead
            await load.WaitForProgressAsync();
            await Task.WhenAll(_lab.MendAsync(2, _lab.AddressOf(1)), _lab.MendAsync(2, _lab.AddressOf(3)));
            await _cluster.HealAsync();
            await load.WaitForProgressAsync();
        },
        _lab.Host);
}
