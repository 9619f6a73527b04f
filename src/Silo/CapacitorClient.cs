using Capacitor.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Capacitor.Silo;

/// <summary>A process that hosts no grains: it calls those of the cluster's silos.</summary>
public static class CapacitorClient
{
    /// <summary>Adds the way to the cluster, health and metrics. The configuration must name its database.</summary>
    public static IHostApplicationBuilder AddCapacitorClient(this IHostApplicationBuilder builder)
    {
        builder.AddCapacitorDefaults();
        builder.PrepareDatabase(Deployment.Database(builder.Configuration)!);
        builder.Services.AddSingleton<Readiness>();
        builder.UseOrleansClient(client => client.JoinCluster(ClusterSettings.Of(builder.Configuration)));
        return builder.AddCapacitorTelemetry();
    }

    /// <summary>The cluster's database, with a schema that is there before Orleans looks for it.</summary>
    internal static void PrepareDatabase(this IHostApplicationBuilder builder, string connectionString)
    {
        builder.Services.AddCapacitorDatabase(connectionString);
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<DatabasePreparation>(services, connectionString));
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabasePreparation>());
    }
}
