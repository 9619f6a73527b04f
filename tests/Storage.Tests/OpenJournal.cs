using System.Diagnostics.Metrics;
using Capacitor.Storage.Postgres;
using Capacitor.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capacitor.Storage.Tests;

/// <summary>A journal and what has to be closed with it.</summary>
internal sealed class OpenJournal(IJournal journal, params IDisposable[] parts) : IDisposable
{
    public IJournal Journal => journal;

    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.Dispose();
        }
    }

    public static OpenJournal Sqlite(string folder)
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        DataDirectory directory = new(folder);
        SqliteJournal journal = new(directory, new(services.GetRequiredService<IMeterFactory>()), NullLogger<SqliteJournal>.Instance);
        return new(journal, journal, directory, services);
    }

    /// <summary>As one process of a cluster opens it. The schema must be there.</summary>
    public static OpenJournal Postgres(string connectionString, TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        CapacitorDatabase database = new(connectionString);
        PostgresJournal journal = new(database, new(services.GetRequiredService<IMeterFactory>()), time ?? TimeProvider.System, NullLogger<PostgresJournal>.Instance);
        return new(journal, journal, database, services);
    }
}
