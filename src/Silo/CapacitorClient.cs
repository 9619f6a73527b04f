using Capacitor.Storage.Postgres;
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
        var database = builder.AddDatabase(Deployment.Database(builder.Configuration)!);
        builder.Services.AddSingleton<Readiness>();
        builder.UseOrleansClient(client => client.JoinCluster(database, ClusterSettings.Of(builder.Configuration)));
        return builder.AddCapacitorTelemetry();
    }

    /// <summary>The cluster's database: one data source for all, and a schema that is there before Orleans looks for it.</summary>
    internal static CapacitorDatabase AddDatabase(this IHostApplicationBuilder builder, string connectionString)
    {
        var database = new CapacitorDatabase(connectionString);
        builder.Services.AddSingleton(_ => database); // made by the container, so that it is disposed with it
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<DatabasePreparation>(services, connectionString));
        return database;
    }
}
