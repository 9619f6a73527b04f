using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// Looks, once the cluster has not heard of this gateway for so long that it may have reported chargers disconnected, for sockets that are still here and nobody's
/// connection any more: no command would reach such a charger until it speaks. It is told to connect again (1012), a few at a time. Those that were not
/// reported keep their sockets.
/// </summary>
internal sealed class LostConnections(OcppEdge edge)
{
    private const int AtOnce = 16;

    /// <summary>Who takes part has its pause: 2 milliseconds for each socket, as in a stop.</summary>
    private static readonly TimeSpan AfterClose = TimeSpan.FromMilliseconds(2 * AtOnce);

    private Task _looking = Task.CompletedTask;

    /// <summary>Looks at all sockets, at least twice, <paramref name="pause"/> apart: whoever reports chargers may still be at it.</summary>
    public void Begin(TimeSpan pause, CancellationToken stopping)
    {
        if (_looking.IsCompleted)
        {
            _looking = LookAsync(pause, stopping);
        }
    }

    private async Task LookAsync(TimeSpan pause, CancellationToken stopping)
    {
        for (var round = 1; ; round++)
        {
            var found = await LookOnceAsync(stopping);
            if ((found == 0 && round > 1) || stopping.IsCancellationRequested || edge.IsStopping)
            {
                return;
            }

            await Task.Delay(pause, edge.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> LookOnceAsync(CancellationToken stopping)
    {
        var sockets = edge.Sockets.All().ToArray();
        Random.Shared.Shuffle(sockets);
        var found = 0;
        await Parallel.ForEachAsync(sockets, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (socket, _) =>
        {
            if (!stopping.IsCancellationRequested && !edge.IsStopping && await TryCheckAsync(socket) is not null)
            {
                Interlocked.Increment(ref found);
                await Task.Delay(AfterClose, edge.Time, CancellationToken.None);
            }
        });
        if (found > 0)
        {
            Log.ConnectionsLost(edge.Logger, found);
        }

        return found;
    }

    private async Task<SocketEnd?> TryCheckAsync(ChargerSocket socket)
    {
        try
        {
            return await socket.CheckAsync();
        }
        catch (Exception failure)
        {
            Log.NotChecked(edge.Logger, failure, socket.ChargeBoxId); // it is asked for again when the charger speaks
            return null;
        }
    }
}
