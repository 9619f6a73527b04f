using System.Runtime.CompilerServices;
using Capacitor.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Capacitor.Cluster.Tests;

/// <summary>The build of the commit before this one, beside this one: what a rolling upgrade is in the middle of.</summary>
public sealed class VersionsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Bound = 300_000;
    private const string Before = "HEAD~1"; // of a merge, the branch it was merged into

    private readonly string _folder = Directory.CreateTempSubdirectory("capacitor-before-").FullName;

    public async Task InitializeAsync()
    {
        var archive = Path.Combine(_folder, "source.tar");
        var source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        await Shell.RunAsync(Root(), "git", "archive", "--output", archive, Before);
        await Shell.RunAsync(source, "tar", "-xf", archive);
        foreach (var app in (string[])["Silo", "Api"])
        {
            await Shell.RunAsync(source, "dotnet", "publish", $"src/{app}/{app}.csproj", "-c", "Release", "-o", Path.Combine(_folder, app));
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact(Timeout = Bound)]
    public async Task Run_TwoVersionsTogether_GrainsMoveBetweenThem()
    {
        var here = AppContext.BaseDirectory;
        await using var cluster = await Cluster.StartAsync(
            await PostgresServer.StartNewAsync(),
            [new NodePlace("silo-before", Cluster.SiloOf(Path.Combine(_folder, "Silo"))), new NodePlace("silo-now", Cluster.SiloOf(here))],
            [new NodePlace("api-before", Cluster.ApiOf(Path.Combine(_folder, "Api"))), new NodePlace("api-now", Cluster.ApiOf(here))]);
        await cluster.UnderLoadAsync(output, Forgiven.Unavailable, async load =>
        {
            foreach (var node in cluster.Silos.Concat(cluster.Apis))
            {
                Assert.Equal(0, await node.StopAsync());
                await load.WaitForProgressAsync();
                await node.StartAsync();
                await load.WaitForProgressAsync();
            }
        });
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
