using System.Net;
using System.Net.Sockets;
using Capacitor.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Capacitor.Storage.Tests.Postgres;

/// <summary>A silo whose clustering, reminders, journal and cold state are all in one database.</summary>
internal sealed class ClusterSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterSilo(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public static async Task<ClusterSilo> StartAsync(string connectionString)
    {
        await CapacitorDatabase.PrepareAsync(connectionString);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Seen>();
        builder.UseOrleans(silo =>
        {
            silo.AddJournal(connectionString);
            silo.Configure<ClusterOptions>(cluster => cluster.ServiceId = cluster.ClusterId = "capacitor");
            silo.UseAdoNetClustering(options => options.Configure<CapacitorDatabase>((clustering, database) =>
                (clustering.Invariant, clustering.DataSource) = (CapacitorDatabase.Invariant, database.DataSource)));
            silo.UseAdoNetReminderService(options => options.Configure<CapacitorDatabase>((reminders, database) =>
                (reminders.Invariant, reminders.DataSource) = (CapacitorDatabase.Invariant, database.DataSource)));
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        });
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
