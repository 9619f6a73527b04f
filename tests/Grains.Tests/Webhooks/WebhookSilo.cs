using System.Net;
using System.Net.Sockets;
using Capacitor.Chargers;
using Capacitor.Events;
using Capacitor.Grains.Secrets;
using Capacitor.Grains.Webhooks;
using Capacitor.Storage;
using Capacitor.Tenants;
using Capacitor.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>A real silo with the SQLite journal and the webhook grains, in a folder of its own; it can be stopped and started again.</summary>
public sealed class WebhookSilo : IAsyncLifetime
{
    /// <summary>Seals what test silos store.</summary>
    internal const string SecretKey = "dGVzdHMgc2VhbCB3aXRoIHRoaXMga2V5IG9ubHkuLi4=";

    private readonly string _directory = Directory.CreateTempSubdirectory("capacitor-webhooks-").FullName;
    private IHost _host = null!;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IJournalReader Journal => _host.Services.GetRequiredService<IJournalReader>();

    public IDeliveryStore Deliveries => _host.Services.GetRequiredService<IDeliveryStore>();

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public ITenantWebhooksGrain Webhooks(TenantId tenant) => Grains.GetGrain<ITenantWebhooksGrain>(tenant.GrainKey);

    /// <summary>A tenant that may be delivered to.</summary>
    public async Task<TenantId> TenantAsync()
    {
        var tenant = new TenantId(Guid.NewGuid().ToString("N"));
        await Webhooks(tenant).AllowAsync(true);
        return tenant;
    }

    /// <summary>Commits an event, as a charger's grain would.</summary>
    public async Task<string> PublishAsync(TenantId tenant, string charger = "CHARGER-001", string type = EventTypes.ChargerBoot)
    {
        var id = "evt_" + Guid.NewGuid().ToString("N");
        var stream = _host.Services.GetRequiredKeyedService<IStreamProvider>(EventStream.Provider).GetStream<NewEvent>(EventStream.Of(tenant));
        await stream.OnNextAsync(new NewEvent
        {
            Id = id,
            Type = type,
            Tenant = tenant,
            ChargeBoxId = new ChargeBoxId(charger),
            At = TimeProvider.System.GetUtcNow(),
            Body = System.Text.Encoding.UTF8.GetBytes($$$"""{"event":"{{{type}}}","timestamp":"2026-02-06T14:30:00.000Z","data":{"chargeBoxId":"{{{charger}}}"}}"""),
        });
        return id;
    }

    private async Task StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), gatewayPort: 0).AddJournal());
        builder.Services.Configure<JournalOptions>(options => options.DataDirectory = _directory);
        builder.Services.AddWebhooks();
        builder.Services.Configure<SecretOptions>(options => options.SecretKeys.Add(SecretKey));
        builder.Services.Configure<WebhookOptions>(options =>
        {
            options.AllowPrivateNetworks = true;
            options.Timeout = TimeSpan.FromMinutes(1); // what hangs, hangs for the whole of a test
        });
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task StopAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
