using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Api.Tests.Events;

/// <summary>A clock that stands still, and tells for how long somebody wants to wait.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>As soon as somebody waits for just this long, lets the time pass. Returns without it when <paramref name="orUntil"/> comes true.</summary>
    public async Task PassAsync(TimeSpan wait, Func<bool>? orUntil = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (orUntil?.Invoke() != true)
        {
            if (!_waits.Reader.TryRead(out var asked))
            {
                await ticks.WaitForNextTickAsync(patience.Token);
            }
            else if (asked == wait)
            {
                Advance(wait);
                return;
            }
        }
    }
}
