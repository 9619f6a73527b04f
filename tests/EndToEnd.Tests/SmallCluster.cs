using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>The smallest cluster: a silo, and an Api that is its client, on a database.</summary>
internal sealed class SmallCluster : IAsyncDisposable
{
    private readonly ServerProcess _silo;

    private SmallCluster(ServerProcess silo, ServerProcess api) => (_silo, Api) = (silo, api);

    public ServerProcess Api { get; }

    public static async Task<SmallCluster> StartAsync(string folder, string database, params string[] settings)
    {
        var silo = ServerProcess.StartSiloAsync(folder, database, settings);
        var api = ServerProcess.StartAsync(folder, [$"--ConnectionStrings:Capacitor={database}", .. settings]);
        return new(await silo, await api);
    }

    /// <summary>SIGTERM to both.</summary>
    public async Task StopAsync()
    {
        var codes = await Task.WhenAll(Api.StopAsync(), _silo.StopAsync());
        Assert.Equal([0, 0], codes);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await _silo.DisposeAsync();
    }
}
