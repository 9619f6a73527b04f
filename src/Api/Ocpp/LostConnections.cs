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
    private volatile bool _isAskedAgain;

    /// <summary>Looks at all sockets, at least twice, <paramref name="pause"/> apart: whoever reports chargers may still be at it.</summary>
    public void Begin(TimeSpan pause, CancellationToken stopping)
    {
        _isAskedAgain = true;
        if (_looking.IsCompleted)
        {
            _looking = LookAsync(pause, stopping);
        }
    }

    private async Task LookAsync(TimeSpan pause, CancellationToken stopping)
    {
        for (var round = 1; ; round++)
        {
            if (_isAskedAgain)
            {
                (_isAskedAgain, round) = (false, 1);
            }

            var isClear = await LookOnceAsync(stopping);
            if ((isClear && round > 1 && !_isAskedAgain) || stopping.IsCancellationRequested || edge.IsStopping)
            {
                return;
            }

            await Task.Delay(pause, edge.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>True when every socket was looked at and none had been reported.</summary>
    private async Task<bool> LookOnceAsync(CancellationToken stopping)
    {
        var sockets = edge.Sockets.All().ToArray();
        Random.Shared.Shuffle(sockets);
        var (found, failed) = (0, 0);
        await Parallel.ForEachAsync(sockets, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (socket, _) =>
        {
            if (stopping.IsCancellationRequested || edge.IsStopping)
            {
                return;
            }

            try
            {
                if (await socket.CheckAsync() is not null)
                {
                    Interlocked.Increment(ref found);
                    await Task.Delay(AfterClose, edge.Time, CancellationToken.None);
                }
            }
            catch (Exception failure)
            {
                Interlocked.Increment(ref failed);
                Log.NotChecked(edge.Logger, failure, socket.ChargeBoxId);
            }
        });
        if (found > 0)
        {
            Log.ConnectionsLost(edge.Logger, found);
        }

        return found + failed == 0;
    }
}
