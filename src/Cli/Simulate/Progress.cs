namespace Capacitor.Cli.Simulate;

/// <summary>What all chargers do, counted.</summary>
internal sealed class Progress(int chargers)
{
    private int _connected;
    private int _charging;
    private long _calls;
    private long _transactions;
    private long _errors;
    private string? _firstError;
    private volatile bool _hasEverConnected;

    public bool HasEverConnected => _hasEverConnected;

    public void Connected()
    {
        _hasEverConnected = true;
        Interlocked.Increment(ref _connected);
    }

    public void Disconnected() => Interlocked.Decrement(ref _connected);

    public void Answered() => Interlocked.Increment(ref _calls);

    public void Started()
    {
        Interlocked.Increment(ref _transactions);
        Interlocked.Increment(ref _charging);
    }

    public void Stopped() => Interlocked.Decrement(ref _charging);

    public void Failed(string what)
    {
        Interlocked.Increment(ref _errors);
        Interlocked.CompareExchange(ref _firstError, what, null);
    }

    public SimulationSummary Summarise(int unfinished) => new()
    {
        Chargers = chargers,
        Calls = Interlocked.Read(ref _calls),
        Transactions = Interlocked.Read(ref _transactions),
        Errors = Interlocked.Read(ref _errors),
        FirstError = Volatile.Read(ref _firstError),
        Unfinished = unfinished,
    };

    public override string ToString() =>
        $"{Volatile.Read(ref _connected)}/{chargers} connected, {Interlocked.Read(ref _calls)} calls, " +
        $"{Interlocked.Read(ref _transactions)} transactions ({Volatile.Read(ref _charging)} charging), {Interlocked.Read(ref _errors)} errors";
}
