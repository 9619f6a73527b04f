using System.Text;
using Capacitor.Storage;
using Capacitor.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Capacitor.Silo;

/// <summary>Makes the first tenant and its key, so that a fresh installation can be used at once. Runs when the silo is active, before the first request.</summary>
internal sealed class Bootstrap(IGrainFactory grains, IOptions<CapacitorOptions> options, DataDirectory data, SiloReadiness readiness) : IHostedService
{
    private const string KeyName = "bootstrap";
    private const string KeyFile = "bootstrap-api-key";

    private string FilePath => Path.Combine(data.FullPath, KeyFile);

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
        else
        {
            await MendAsync(tenant, cancellationToken);
        }

        readiness.Prepared();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task BindAsync(ITenantGrain tenant, string secret)
    {
        var owner = await grains.GetGrain<IApiKeyGrain>(ApiKeyHash.Of(secret).GrainKey).FindAsync();
        if (owner is null)
        {
            await tenant.CreateKeyAsync(KeyName, new ApiKeySecret(secret));
        }
        else if (owner.Tenant != TenantId.Default)
        {
            throw new OptionsValidationException("", typeof(CapacitorOptions), ["Capacitor:BootstrapApiKey belongs to another tenant than 'default' already. Choose another key."]);
        }
    }

    private async Task GenerateAsync(ITenantGrain tenant, CancellationToken cancellation)
    {
        var secret = ApiKeySecret.Make();

        // The file first: a start that dies in between must not leave a key that nobody knows.
        File.Delete(FilePath); // one that exists would keep its rights
        await using (var stream = data.OpenPrivate(KeyFile, FileMode.CreateNew))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(secret.Text + Environment.NewLine), cancellation);
        }

        await tenant.CreateKeyAsync(KeyName, secret);
        await ShowAsync(secret.Text);
    }

    // A first start that died may have left a key that is listed and does not work. One that was revoked is not listed, and stays revoked.
    private async Task MendAsync(ITenantGrain tenant, CancellationToken cancellation)
    {
        if (await ReadKeyFileAsync(cancellation) is { Length: > 0 } secret && await tenant.MendKeyAsync(ApiKeyHash.Of(secret)))
        {
            await ShowAsync(secret);
        }
    }

    private async Task<string?> ReadKeyFileAsync(CancellationToken cancellation)
    {
        try
        {
            return File.Exists(FilePath) ? (await File.ReadAllTextAsync(FilePath, cancellation)).Trim() : null;
        }
        catch (UnauthorizedAccessException)
        {
            return null; // somebody has put it away: then the first start got that far
        }
    }

    // Not through the log: what is logged is kept and passed on, and this is a secret.
    private Task ShowAsync(string secret) => Console.Out.WriteLineAsync($"API key of the tenant 'default': {secret}  (shown this once; kept in {FilePath})");
}
