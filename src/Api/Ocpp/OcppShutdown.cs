using Capacitor.Chargers;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// Ends the sockets of a stopping server: every charger is told (1012), one after the other in no order that they would know, and each when its answers and
/// commands under way have gone out. The chargers are not reported as gone: most are back at another server before the grace period is over.
/// </summary>
internal sealed class OcppShutdown(OcppEdge edge, IOptions<HostOptions> host, ILogger<OcppShutdown> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PerSocket = TimeSpan.FromMilliseconds(2);

    // A stop does not wait long for what only spares some callers a 504.
    private static readonly TimeSpan ForFarewell = TimeSpan.FromSeconds(2);

    /// <summary>The host reads its own limit when it stops; by now it is known that these settings can be used.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (host.Value.ShutdownTimeout < edge.Options.StopTime)
        {
            host.Value.ShutdownTimeout = edge.Options.StopTime;
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        edge.Stop();
        Log.Stopping(logger, edge.Sockets.Count);
        await CloseAllAsync(cancellationToken);
        while (edge.Sockets.Count > 0 && edge.LeftOf(edge.Options.SocketTime) > TimeSpan.Zero && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(PollInterval, edge.Time, CancellationToken.None);
        }

        foreach (var socket in edge.Sockets.All())
        {
            socket.Abort();
        }

        await LeaveAsync();
    }

    /// <summary>Tells which commands were taken here: who asked for another, and gets no answer any more, can take it to where the charger is by then.</summary>
    private async Task LeaveAsync()
    {
        if (edge.Gateway?.Close() is not { } taken)
        {
            return;
        }

        try
        {
            await edge.Grains.GetGrain<IGatewaysGrain>(IGatewaysGrain.Key).LeaveAsync(edge.GatewayId, taken).WaitAsync(ForFarewell, edge.Time);
        }
        catch (Exception failure)
        {
            Log.NotLeft(logger, failure);
        }
    }

    private async Task CloseAllAsync(CancellationToken cancellation)
    {
        var sockets = edge.Sockets.All().ToArray();
        Random.Shared.Shuffle(sockets);
        var pause = PerSocket * sockets.Length > edge.Options.DrainTime ? edge.Options.DrainTime / sockets.Length : PerSocket;
        var began = edge.Time.GetTimestamp();
        for (var closed = 0; closed < sockets.Length; closed++)
        {
            var early = (pause * closed) - edge.Time.GetElapsedTime(began);
            if (early >= PollInterval)
            {
                await Task.Delay(early, edge.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _ = sockets[closed].StopAsync();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
