namespace Capacitor.Cli.Simulate;

/// <summary>The time of the people who charge, which passes faster than that of the clock.</summary>
internal sealed class Pace(double speed, TimeProvider time)
{
    /// <summary>How long it takes by the clock.</summary>
    public TimeSpan Real(TimeSpan life) => life / speed;

    /// <summary>How much of life passed in a time by the clock.</summary>
    public TimeSpan Life(TimeSpan real) => real * speed;

    public Task WaitAsync(TimeSpan life, CancellationToken cancellation) => Task.Delay(Real(life), time, cancellation);
}
