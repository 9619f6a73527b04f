using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Capacitor.Cluster.Tests;

/// <summary>The cluster that tests share which leave it as they found it: three silos, two Apis.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    internal Cluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await Tests.Cluster.StartAsync(silos: 3, apis: 2);

    public async Task DisposeAsync()
    {
        if (Cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class SharedCluster : ICollectionFixture<ClusterFixture>
{
    public const string Name = "shared cluster";
}
