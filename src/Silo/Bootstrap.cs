using System.Data.Common;
using System.Text;
using Capacitor.Storage;
using Capacitor.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Capacitor.Silo;

/// <summary>Makes the first tenant and its key, so that a fresh installation can be used at once. Runs when the silo is active, before the first request.</summary>
internal sealed partial class Bootstrap(IGrainFactory grains, IOptions<CapacitorOptions> options, SiloReadiness readiness, TimeProvider time, ILogger<Bootstrap> logger, DataDirectory? data = null) : IHostedService
{
    private const string KeyName = "bootstrap";
    private const string KeyFile = "bootstrap-api-key";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Only where there is a folder of its own: a cluster's processes have nowhere to show a secret to one person.</summary>
    private DataDirectory Data => data ?? throw new InvalidOperationException("Keys are made on embedded storage only.");

    private string FilePath => Path.Combine(Data.FullPath, KeyFile);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!await TryPrepareAsync(time.GetElapsedTime(began) >= Patience, cancellationToken))
        {
            await Task.Delay(Pause, time, cancellationToken);
        }

        readiness.Prepared();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // In a cluster the grains may be on a silo that is just dying.
    private async Task<bool> TryPrepareAsync(bool isLast, CancellationToken cancellation)
    {
        try
        {
            await PrepareAsync(cancellation);
            return true;
        }
        catch (Exception failure) when (data is null && !isLast && failure is OrleansException or TimeoutException or DbException)
        {
            NotYet(logger, failure);
            return false;
        }
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        var tenant = grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey);
        await CreateAsync(tenant);
        if (options.Value.BootstrapApiKey is { Length: > 0 } configured)
        {
            await BindAsync(tenant, configured);
        }
        else if (data is null)
        {
            return; // the admin API makes the first key
        }
        else if (await tenant.ListKeysAsync() is [])
        {
            await GenerateAsync(tenant, cancellation);
        }
        else
        {
            await MendAsync(tenant, cancellation);
        }
    }

    private static async Task CreateAsync(ITenantGrain tenant)
    {
        try
        {
            if (await tenant.FindAsync() is null)
            {
                await tenant.CreateAsync("default", Tier.Scale);
            }
        }
        catch (RefusedException taken) when (taken.Kind == RefusalKind.Conflict)
        {
            // Another silo that starts now was quicker.
        }
    }

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
        await using (var stream = Data.OpenPrivate(KeyFile, FileMode.CreateNew))
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

    [LoggerMessage(6021, LogLevel.Warning, "The first tenant could not be looked for yet; it is tried again")]
    private static partial void NotYet(ILogger logger, Exception failure);
}
