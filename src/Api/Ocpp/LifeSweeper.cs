using Microsoft.Extensions.Options;

namespace Capacitor.Api.Ocpp;

/// <summary>
/// Finds dead sockets: one timer for the whole process. A socket that has been silent is pinged, one that stays silent is cut.
/// Each step looks at one slot of the table, so that a hundred thousand idle sockets cost little and never all at once.
/// </summary>
internal sealed class LifeSweeper(SocketTable sockets, LifeClock clock, IOptions<OcppOptions> options, TimeProvider time, ILogger<LifeSweeper> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(5);

    private ITimer? _timer;
    private int _pingAfter;
    private int _cutAfter;
    private int _sweeping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var shorter = options.Value.PingTimeout < options.Value.PingInterval ? options.Value.PingTimeout : options.Value.PingInterval;
        var step = TimeSpan.FromTicks(Math.Clamp((shorter / (4 * SocketTable.Slots)).Ticks, ShortestStep.Ticks, LongestStep.Ticks));
        _pingAfter = (int)Math.Ceiling(options.Value.PingInterval / step);
        _cutAfter = (int)Math.Ceiling(options.Value.PingTimeout / step);
        _timer = time.CreateTimer(static sweeper => ((LifeSweeper)sweeper!).Step(), this, step, step);
        return Task.CompletedTask;
    }

    // The timer runs on while the server stops: sockets that are closing may still be dead.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    private void Step()
    {
        var tick = clock.Advance();
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
        {
            return;
        }

        foreach (var (_, socket) in sockets.Slot(tick))
        {
            try
            {
                socket.CheckLife(tick, _pingAfter, _cutAfter);
            }
            catch (Exception broken)
            {
                Log.PingFailed(logger, broken, socket.ChargeBoxId);
                socket.Abort();
            }
        }

        Volatile.Write(ref _sweeping, 0);
    }
}
