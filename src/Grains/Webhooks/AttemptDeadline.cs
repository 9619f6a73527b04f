namespace Capacitor.Grains.Webhooks;

/// <summary>The clock of one attempt after another; one timer serves them all as long as none runs out.</summary>
internal sealed class AttemptDeadline(TimeProvider time) : IDisposable
{
    private CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>Starts the time of an attempt.</summary>
    public CancellationToken Start(TimeSpan timeout)
    {
        _source.CancelAfter(timeout);
        return _source.Token;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Stops it.</summary>
    public void End()
    {
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        }
    }
}
