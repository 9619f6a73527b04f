namespace Capacitor.Api.Ocpp;

/// <summary>
/// Ends the sockets of a stopping server: answers under way go out first, then every charger is told (1001), all at once. The chargers are not reported
/// as gone: most are back before the grace period of the next start is over.
/// </summary>
internal sealed class OcppShutdown(OcppEdge edge, ILogger<OcppShutdown> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        edge.Stop();
        Log.Stopping(logger, edge.Sockets.Count);
        var began = edge.Time.GetTimestamp();
        foreach (var socket in edge.Sockets.All())
        {
            _ = socket.StopAsync();
        }

        while (edge.Sockets.Count > 0 && edge.Time.GetElapsedTime(began) < edge.Options.ShutdownTimeout && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(PollInterval, edge.Time, CancellationToken.None);
        }

        foreach (var socket in edge.Sockets.All())
        {
            socket.Abort();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
