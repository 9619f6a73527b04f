using System.Diagnostics.Metrics;
using Capacitor.Storage.Postgres;
using Capacitor.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;

namespace Capacitor.Storage.Tests;

/// <summary>A journal and what has to be closed with it.</summary>
internal sealed class OpenJournal(IJournal journal, IDeliveryLog deliveries, params IDisposable[] parts) : IDisposable
{
    public IJournal Journal => journal;

    public IDeliveryLog Deliveries => deliveries;

    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.Dispose();
        }
    }

    public static OpenJournal Sqlite(string folder)
    {
        var services = Services();
        DataDirectory directory = new(folder);
        SqliteJournal journal = new(directory, new(services.GetRequiredService<IMeterFactory>()), NullLogger<SqliteJournal>.Instance);
        return new(journal, new SqliteDeliveryLog(journal, services.GetRequiredService<Serializer>()), journal, directory, services);
    }

    /// <summary>As one process of a cluster opens it. The schema must be there.</summary>
    public static OpenJournal Postgres(string connectionString, TimeProvider? time = null)
    {
        var services = Services();
        CapacitorDatabase database = new(connectionString);
        PostgresJournal journal = new(database, new(services.GetRequiredService<IMeterFactory>()), time ?? TimeProvider.System, NullLogger<PostgresJournal>.Instance);
        PostgresDeliveryLog deliveries = new(database, services.GetRequiredService<Serializer>(), NullLogger<PostgresDeliveryLog>.Instance);
        return new(journal, deliveries, deliveries, journal, database, services);
    }

    private static ServiceProvider Services() => new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();
}
