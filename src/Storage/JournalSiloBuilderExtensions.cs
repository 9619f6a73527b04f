using Capacitor.Events;
using Capacitor.Messages;
using Capacitor.Records;
using Capacitor.Storage.Messages;
using Capacitor.Storage.Postgres;
using Capacitor.Storage.Sqlite;
using Capacitor.Storage.Streams;
using Capacitor.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Streams;

namespace Capacitor.Storage;

/// <summary>The door of the storage module.</summary>
public static class JournalSiloBuilderExtensions
{
    /// <summary>
    /// The journal on its embedded store, with the grain storages and the stream provider on top of it; see <see cref="EventStream"/> for their names.
    /// Settings: <see cref="JournalOptions"/>.
    /// </summary>
    public static ISiloBuilder AddJournal(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<DataDirectory>();
        silo.Services.AddSingleton<SqliteJournal>();
        silo.Services.AddSingleton<IJournal>(static provider => provider.GetRequiredService<SqliteJournal>());
        silo.Services.AddSingleton<IDeliveryLog, SqliteDeliveryLog>();
        silo.Services.AddSingleton<IMessageLog, SqliteMessageLog>();
        silo.Services.AddKeyedSingleton<IGrainStorage>(EventStream.ColdStorage, static (provider, _) => provider.GetRequiredService<JournalGrainStorage>());
        return silo.AddJournalCore();
    }

    /// <summary>
    /// The journal on PostgreSQL, with the same on top of it; cold state is in tables of Orleans' ADO.NET storage. The schema must have been applied before
    /// the silo starts: <see cref="CapacitorDatabase.PrepareAsync"/>. The <see cref="CapacitorDatabase"/> it registers is for clustering and reminders too.
    /// </summary>
    public static ISiloBuilder AddJournal(this ISiloBuilder silo, string connectionString)
    {
        silo.Services.AddCapacitorDatabase(connectionString);
        silo.Services.AddSingleton<IJournal, PostgresJournal>();
        silo.Services.AddSingleton<IDeliveryLog, PostgresDeliveryLog>();
        silo.Services.AddSingleton<IMessageLog, PostgresMessageLog>();
        silo.AddAdoNetGrainStorage(EventStream.ColdStorage, options => options.Configure<CapacitorDatabase, Serializer>((storage, database, serializer) =>
        {
            storage.Invariant = CapacitorDatabase.Invariant;
            storage.DataSource = database.DataSource;
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        return silo.AddJournalCore();
    }

    /// <summary>The cluster's database for this process; once, however often it is called.</summary>
    public static IServiceCollection AddCapacitorDatabase(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(_ => new CapacitorDatabase(connectionString)); // made by the container, so that it is disposed with it
        return services;
    }

    private static ISiloBuilder AddJournalCore(this ISiloBuilder silo)
    {
        silo.ConfigureServices(services =>
        {
            services.AddOptionsWithValidateOnStart<JournalOptions, JournalOptionsValidator>();
            services.AddMetrics();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<JournalMetrics>();
            services.AddSingleton<IJournalReader>(provider => provider.GetRequiredService<IJournal>());
            services.AddSingleton<IRecordWriter, RecordWriter>();
            services.AddSingleton<IDeliveryStore>(static provider => provider.GetRequiredService<IDeliveryLog>());
            services.AddSingleton<JournalGrainStorage>();
            services.AddKeyedSingleton<IGrainStorage>(EventStream.Provider, static (provider, _) => provider.GetRequiredService<JournalGrainStorage>());
            services.AddHostedService<RetentionSweeper>();
            services.AddOptionsWithValidateOnStart<MessageLogDisk, MessageLogDiskValidator>().BindConfiguration(MessageLogDisk.Section);
            services.AddSingleton<IMessageStore>(static provider => provider.GetRequiredService<IMessageLog>());
            services.AddHostedService<MessageSweeper>();
            services.AddSingleton<JournalProbe>();
            services.AddSingleton<IJournalHealth>(static provider => provider.GetRequiredService<JournalProbe>());
            services.TryAddSingleton<IJournalOutlook>(static provider => provider.GetRequiredService<JournalProbe>());
            services.AddHostedService(static provider => provider.GetRequiredService<JournalProbe>());
        });
        silo.AddPersistentStreams(EventStream.Provider, JournalQueueAdapter.Create, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            streams.ConfigurePullingAgent(agent => agent.Configure(options =>
            {
                // The receiver waits for its wake-up itself; this is only how soon the agent calls it again.
                options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(1);
                // One reader that fails must not hold up its partition for a minute; the receiver offers its events again.
                options.MaxEventDeliveryTime = TimeSpan.FromSeconds(3);
            }));
        });
        return silo;
    }
}
