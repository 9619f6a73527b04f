using System.Data.Common;
using Capacitor.Storage.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Capacitor.Silo;

/// <summary>Brings the database to the newest schema before Orleans starts. Waits for a database that starts at the same time.</summary>
internal sealed partial class DatabasePreparation(string connectionString, TimeProvider time, ILogger<DatabasePreparation> logger) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!await TryPrepareAsync(time.GetElapsedTime(began) >= Patience, cancellationToken))
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> TryPrepareAsync(bool isLast, CancellationToken cancellation)
    {
        try
        {
            await CapacitorDatabase.PrepareAsync(connectionString, cancellation);
            return true;
        }
        catch (DbException failure) when (failure.IsTransient && !isLast)
        {
            Waiting(logger, failure.Message);
            return false;
        }
    }

    [LoggerMessage(6020, LogLevel.Warning, "The database cannot be reached yet, it is tried again: {Reason}")]
    private static partial void Waiting(ILogger logger, string reason);
}
