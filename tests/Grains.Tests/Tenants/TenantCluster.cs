using Capacitor.Grains.Secrets;
using Capacitor.Storage;
using Capacitor.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Capacitor.Grains.Tests.Tenants;

/// <summary>A silo in this process with the real journal in a folder of its own; can be stopped and started on the same folder.</summary>
public sealed class TenantCluster : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capacitor-tenants-");
    private InProcessTestCluster? _cluster;

    public IGrainFactory Grains => _cluster!.Client;

    public ITenantGrain Tenant(string id) => Grains.GetGrain<ITenantGrain>(new TenantId(id).GrainKey);

    public IApiKeyGrain Key(string secret) => Grains.GetGrain<IApiKeyGrain>(ApiKeyHash.Of(secret).GrainKey);

    public Task<IReadOnlyList<TenantId>> ListAsync() => Grains.GetGrain<ITenantDirectoryGrain>(ITenantDirectoryGrain.Key).ListAsync();

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddJournal();
            silo.Services.Configure<JournalOptions>(journal => journal.DataDirectory = _folder.FullName);
            silo.Services.AddCapacitorGrains();
            silo.Services.Configure<SecretOptions>(options => options.SecretKeys.Add(Webhooks.WebhookSilo.SecretKey));
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StopAsync()
    {
        await _cluster!.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
