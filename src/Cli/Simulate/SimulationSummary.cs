namespace Capacitor.Cli.Simulate;

/// <summary>What a simulation did.</summary>
internal sealed record SimulationSummary
{
    public required int Chargers { get; init; }

    /// <summary>Calls that were answered.</summary>
    public required long Calls { get; init; }

    /// <summary>Transactions that were begun.</summary>
    public required long Transactions { get; init; }

    public required long Errors { get; init; }

    /// <summary>Null when nothing went wrong.</summary>
    public required string? FirstError { get; init; }

    /// <summary>Chargers that were to live one session and did not.</summary>
    public required int Unfinished { get; init; }

    public override string ToString()
    {
        var text = $"{Chargers} chargers made {Calls} calls and {Transactions} transactions, with {(Errors == 0 ? "no" : Errors)} errors.";
        if (Unfinished > 0)
        {
            text += $" {Unfinished} did not finish their session.";
        }

        return FirstError is null ? text : $"{text} The first error: {FirstError}";
    }
}
