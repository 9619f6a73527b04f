using System.Text;
using Capacitor.Storage;
using Capacitor.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Capacitor.Silo;

/// <summary>Makes the first tenant and its key, so that a fresh installation can be used at once. Runs when the silo is active, before the first request.</summary>
internal sealed class Bootstrap(IGrainFactory grains, IOptions<CapacitorOptions> options, DataDirectory data, Readiness readiness) : IHostedService
{
    private const string KeyName = "bootstrap";
    private const string KeyFile = "bootstrap-api-key";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var tenant = grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey);
        if (await tenant.FindAsync() is null)
        {
            await tenant.CreateAsync("default", Tier.Scale);
        }

        if (options.Value.BootstrapApiKey is { Length: > 0 } configured)
        {
            await BindAsync(tenant, configured);
        }
        else if (await tenant.ListKeysAsync() is [])
        {
            await GenerateAsync(tenant, cancellationToken);
        }

        readiness.Prepared();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task BindAsync(ITenantGrain tenant, string secret)
    {
        var owner = await grains.GetGrain<IApiKeyGrain>(ApiKeyHash.Of(secret).GrainKey).FindAsync();
        if (owner is null)
        {
            await tenant.CreateKeyAsync(KeyName, secret);
        }
        else if (owner.Tenant != TenantId.Default)
        {
            throw new OptionsValidationException("", typeof(CapacitorOptions), ["Capacitor:BootstrapApiKey belongs to another tenant than 'default' already. Choose another key."]);
        }
    }

    private async Task GenerateAsync(ITenantGrain tenant, CancellationToken cancellation)
    {
        var secret = ApiKeySecret.Make();
        var file = Path.Combine(data.FullPath, KeyFile);

        // The file first: a start that dies in between must not leave a key that nobody knows.
        File.Delete(file); // one that exists would keep its rights
        await using (var stream = data.OpenPrivate(KeyFile, FileMode.CreateNew))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(secret + Environment.NewLine), cancellation);
        }

        await tenant.CreateKeyAsync(KeyName, secret);

        // Not through the log: what is logged is kept and passed on, and this is a secret.
        await Console.Out.WriteLineAsync($"API key of the tenant 'default': {secret}  (shown this once; kept in {file})");
    }
}
