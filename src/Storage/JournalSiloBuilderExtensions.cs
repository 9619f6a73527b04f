using Capacitor.Events;
using Capacitor.Storage.Sqlite;
using Capacitor.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
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
        silo.ConfigureServices(services =>
        {
            services.AddOptionsWithValidateOnStart<JournalOptions, JournalOptionsValidator>();
            services.AddMetrics();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<DataDirectory>();
            services.AddSingleton<JournalMetrics>();
            services.AddSingleton<IJournal, SqliteJournal>();
            services.AddSingleton<IJournalReader>(provider => provider.GetRequiredService<IJournal>());
            services.AddSingleton<JournalGrainStorage>();
            services.AddKeyedSingleton<IGrainStorage>(EventStream.Provider, static (provider, _) => provider.GetRequiredService<JournalGrainStorage>());
            services.AddKeyedSingleton<IGrainStorage>(EventStream.ColdStorage, static (provider, _) => provider.GetRequiredService<JournalGrainStorage>());
            services.AddHostedService<RetentionSweeper>();
            services.AddSingleton<JournalProbe>();
            services.AddSingleton<IJournalHealth>(static provider => provider.GetRequiredService<JournalProbe>());
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
