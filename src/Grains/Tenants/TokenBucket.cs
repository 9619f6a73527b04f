namespace Capacitor.Grains.Tenants;

/// <summary>Calls of one API key: each takes a token, and tokens come back at a steady rate. Full at first.</summary>
internal sealed class TokenBucket
{
    private double _tokens = double.PositiveInfinity;
    private TimeSpan _at;

    /// <summary>Takes a token, unless there is none. <paramref name="at"/> must not run backwards.</summary>
    public bool TryTake(TimeSpan at, double rate, int size)
    {
        _tokens = Math.Min(size, _tokens + ((at - _at).TotalSeconds * rate));
        _at = at;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>Whole tokens that are left.</summary>
    public int Left => (int)_tokens;

    /// <summary>When there will be a token.</summary>
    public TimeSpan UntilNext(double rate) => TimeSpan.FromSeconds(Math.Max(0, 1 - _tokens) / rate);

    /// <summary>When it will be full.</summary>
    public TimeSpan UntilFull(double rate, int size) => TimeSpan.FromSeconds(Math.Max(0, size - _tokens) / rate);
}
