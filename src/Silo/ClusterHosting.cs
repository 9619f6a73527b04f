using System.Net;
using Capacitor.Events;
using Capacitor.Storage;
using Capacitor.Storage.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Capacitor.Silo;

/// <summary>How a silo or a client becomes part of a cluster on one PostgreSQL.</summary>
internal static class ClusterHosting
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A silo among others.</summary>
    public static ISiloBuilder AddClusterMember(this ISiloBuilder silo, string connectionString, ClusterSettings settings)
    {
        silo.AddJournal(connectionString);
        silo.Configure<ClusterOptions>(Identify(settings));
        silo.Services.Configure<ExceptionSerializationOptions>(TellOfDatabase);
        silo.UseAdoNetClustering(options => options.Configure<CapacitorDatabase>(static (clustering, database) =>
            (clustering.Invariant, clustering.DataSource) = (CapacitorDatabase.Invariant, database.DataSource)));
        silo.UseAdoNetReminderService(options => options.Configure<CapacitorDatabase>(static (reminders, database) =>
            (reminders.Invariant, reminders.DataSource) = (CapacitorDatabase.Invariant, database.DataSource)));
        silo.AddEndpoints(settings);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = settings.ProbeTimeout;

            // When most silos die at once, those that are left ask the dead ones whether the others live, until they read in the table that these say nothing any more.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);

            // After all silos were killed, the first that comes back waits until the dead ones' signs of life are stale.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
        });

        // A charger's grain starts where its Api's calls come in, unless that silo has clearly more to do than others: elsewhere, each call would pass a second silo.
        silo.Configure<ResourceOptimizedPlacementOptions>(placement => placement.LocalSiloPreferenceMargin = 10);
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ClientDropTimeout = TimeSpan.FromSeconds(15)); // commands for a dead Api's chargers fail after it
        silo.Services.AddSingleton(services => new ClusterJournal(services.GetRequiredService<IJournalHealth>(), settings.JournalPatience));
        silo.Services.AddSingleton<IJournalOutlook>(services => services.GetRequiredService<ClusterJournal>());
        silo.Services.AddSingleton<JournalWitnesses>();
        silo.Services.AddSingleton<ProcessEnd>();
        silo.AddGrainService<JournalWitness>();
        return silo.AddOutgoingGrainCallFilter<CallsThroughTakeOver>();
    }

    /// <summary>A client of the silos, which waits for the first of them as long as it takes.</summary>
    public static void JoinCluster(this IClientBuilder client, ClusterSettings settings)
    {
        client.Configure<ClusterOptions>(Identify(settings));
        client.Services.Configure<ExceptionSerializationOptions>(TellOfDatabase);
        client.UseAdoNetClustering(options => options.Configure<CapacitorDatabase>(static (clustering, database) =>
            (clustering.Invariant, clustering.DataSource) = (CapacitorDatabase.Invariant, database.DataSource)));
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
        client.UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
            return true;
        });
        client.AddOutgoingGrainCallFilter<CallsThroughTakeOver>();
        client.AddCapacitorTracing();
    }

    private static Action<ClusterOptions> Identify(ClusterSettings settings) => cluster =>
        (cluster.ServiceId, cluster.ClusterId) = (CapacitorSilo.ServiceId, settings.ClusterId);

    // So that a caller in another process learns that the database is away, and not that this cannot be said.
    private static void TellOfDatabase(ExceptionSerializationOptions exceptions) => exceptions.SupportedNamespacePrefixes.Add("Npgsql");

    private static void AddEndpoints(this ISiloBuilder silo, ClusterSettings settings)
    {
        var address = settings.Address;
        silo.ConfigureEndpoints(address, silo.PortOf(settings.SiloPort), silo.PortOf(settings.GatewayPort), listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
    }

    private static int PortOf(this ISiloBuilder silo, int configured)
    {
        if (configured > 0)
        {
            return configured;
        }

        var free = new SiloPort();
        silo.Services.AddSingleton(_ => free); // made by the container, so that it is disposed with it
        return free.Number;
    }
}
