using Capacitor.Grains;
using Capacitor.Grains.Secrets;
using Capacitor.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Capacitor.Silo;

/// <summary>A silo: everything but the edge. Alone on one machine with nothing to install, or one of many on one database.</summary>
public static class CapacitorSilo
{
    internal const string ServiceId = "capacitor"; // stored identity: never changed

    /// <summary>Adds the silo with its journal, grains, start-up work, metrics and health.</summary>
    public static IHostApplicationBuilder AddCapacitorSilo(this IHostApplicationBuilder builder)
    {
        builder.AddCapacitorDefaults();
        builder.Services.AddOptions<CapacitorOptions>().BindConfiguration(CapacitorOptions.Section);
        builder.Services.AddOptions<JournalOptions>().BindConfiguration(CapacitorOptions.Section);
        builder.Services.AddCapacitorGrains();
        builder.Services.AddSiloReadiness();
        if (Deployment.Database(builder.Configuration) is { } connectionString)
        {
            builder.PrepareDatabase(connectionString);
            builder.UseOrleans(silo => silo.AddClusterMember(connectionString, ClusterSettings.Of(builder.Configuration)).AddCommon());
            builder.Services.AddHostedService<JournalWatch>();
        }
        else
        {
            builder.Services.AddSingleton<ISecretKeyFile, SecretKeyFile>();
            builder.UseOrleans(silo => silo.AddEmbedded().AddCommon());
        }

        // After Orleans: they start when the silo is active, and stop before it does.
        builder.Services.AddHostedService<SecretKeyCheck>();
        builder.Services.AddHostedService<Bootstrap>();
        builder.Services.AddSingleton<SiloDeaths>();
        builder.Services.AddHostedService<WebhookAlarm>();
        builder.Services.AddHostedService<GatewayWatch>();
        builder.Services.AddHostedService<ChargerWatch>();
        builder.Services.AddHostedService<IdTagWatch>();
        return builder.AddCapacitorTelemetry();
    }

    private static ISiloBuilder AddEmbedded(this ISiloBuilder silo)
    {
        var port = new SiloPort();
        silo.Services.AddSingleton(_ => port); // made by the container, so that it is disposed with it
        silo.UseLocalhostClustering(port.Number, gatewayPort: 0, serviceId: ServiceId, clusterId: ServiceId);
        silo.UseInMemoryReminderService();
        return silo.AddJournal();
    }

    private static void AddCommon(this ISiloBuilder silo)
    {
        silo.AddCapacitorTracing();
        silo.AddCapacitorDashboard(silo.Configuration);
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = TimeSpan.FromSeconds(30);
            messaging.MaxEnqueuedRequestsHardLimit = 10_000; // overload is refused, and does not become memory
        });
    }

    // Lowest of all: whatever is configured anywhere wins.
    internal static void AddCapacitorDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        var defaults = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Orleans"] = "Warning",
            ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error", // warns of itself at the start
            ["Logging:LogLevel:Polly"] = "Warning", // Orleans chooses a silo through it for every new grain
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",

            // A start that fails is told in sentences by RunCapacitorAsync; the same as a stack trace would bury them.
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
        };
        var configuration = builder.Configuration;
        LogFormat.AddDefaults(defaults, configuration, builder.Environment);
        if (configuration["urls"] is null && configuration["http_ports"] is null && configuration["https_ports"] is null
            && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            defaults["urls"] = "http://localhost:5080";
        }

        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
    }
}
